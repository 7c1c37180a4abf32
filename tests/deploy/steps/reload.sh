# Reloading: what was changed is used, what is broken is not.
# shellcheck shell=bash

greeting=/etc/antragsbote/templates/mail/document.txt

changed_texts_are_used_after_a_reload() {
    local pid
    pid=$(property MainPID)
    inside sed -i 's/^Guten Tag,/Grüß Gott,/' "$greeting"
    reload
    until_said 'reloaded'
    ask reload
    until_answered reload
    has "$(mail motion "$(maildir beirat)" reload)" "Grüß Gott,"
    same "the process" "$(property MainPID)" "$pid"
    same "the service" "$(property ActiveState)" active
}

# As an editor leaves it that is killed while it saves.
a_half_written_configuration_changes_nothing() {
    keep_settings
    inside sed -i -e '/^\[mailbox\]/,$d' "$configuration"
    inside sh -c "printf '[mailb' >>$configuration"
    reload
    until_told_of configuration
    ask halb
    until_answered halb
    same "the service" "$(property ActiveState)" active
    until_true "the administrator to be told" 60 alarmed 'Bitte nachsehen: Dateien sind fehlerhaft'
    ends_with 78 inside antragsbote check --offline
    has "$output" "✗ Konfiguration: $configuration:"
    restore_settings
    reload
    until_said 'reloaded'
    until_true "the administrator to be told that it is well" 60 alarmed 'Erledigt: Dateien sind fehlerhaft'
}

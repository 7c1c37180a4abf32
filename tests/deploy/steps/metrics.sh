# Figures for Prometheus and a health check.
# shellcheck shell=bash

figures_come_over_loopback() {
    keep_settings
    configure metrics listen '"127.0.0.1:9464"'
    restart
    until_true "the health check to be well" 30 is_healthy nobody
    figures=$(inside_as nobody curl --silent --show-error --fail http://127.0.0.1:9464/metrics)
    has "$figures" 'antragsbote_requests{decision="document",state="answered"} '
    has "$figures" 'antragsbote_oldest_waiting_age_seconds 0'
    has "$figures" 'antragsbote_mailbox_look_age_seconds '
    has_not "$figures" muster.test
}

is_healthy() { # USER CURL'S ARGUMENTS
    [[ $(inside_as "$1" curl --silent --fail "${@:2}" http://127.0.0.1:9464/healthz) == *'"status":"ok"'* ]]
}

# For whom the administrator takes into the service's group, and for nobody else.
figures_come_over_a_socket() {
    local socket=/run/antragsbote/metrics.sock
    configure metrics listen "\"$socket\""
    restart
    inside useradd --system --groups antragsbote waechter
    until_true "the health check to be well" 30 is_healthy waechter --unix-socket "$socket"
    ! is_healthy nobody --unix-socket "$socket" || fail "everybody may ask"
    restore_settings
    restart
}

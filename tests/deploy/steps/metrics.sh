# Figures for Prometheus and a health check.
# shellcheck shell=bash

figures_come_over_loopback() {
    keep_settings
    configure metrics listen '"127.0.0.1:9464"'
    restart
    until_true "the health check to be well" 30 is_healthy http://127.0.0.1:9464
    figures=$(inside_as nobody curl --silent --show-error --fail http://127.0.0.1:9464/metrics)
    has "$figures" 'antragsbote_requests{decision="document",state="answered"} '
    has "$figures" 'antragsbote_oldest_waiting_age_seconds 0'
    has "$figures" 'antragsbote_mailbox_look_age_seconds '
    has_not "$figures" muster.test
}

is_healthy() { # CURL'S ARGUMENTS
    inside_as nobody curl --silent --fail "${@:1:$#-1}" "${!#}/healthz" | grep --quiet '"status":"ok"'
}

# For whom the administrator takes into the service's group, and for nobody else.
figures_come_over_a_socket() {
    configure metrics listen '"/run/antragsbote/metrics.sock"'
    restart
    inside useradd --system --groups antragsbote waechter
    until_true "the health check to be well" 30 is_healthy_at_the_socket waechter
    ! is_healthy_at_the_socket nobody || fail "everybody may ask"
    restore_settings
    restart
}

is_healthy_at_the_socket() { # USER
    inside_as "$1" curl --silent --fail --unix-socket /run/antragsbote/metrics.sock http://localhost/healthz |
        grep --quiet '"status":"ok"'
}

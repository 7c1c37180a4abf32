# Dovecot, Postfix and a name server inside the machine, and the certificates they show.
# shellcheck shell=bash

# Where their files are inside the machine, and their one password.
servers=/var/lib/servers
password=

prepare_servers() {
    local root=$machine$servers
    password=losung-$(openssl rand -hex 12)
    mkdir -p "$root/etc" "$root/queue" "$root/mail/muster.test/antrag/.Gesperrt"/{cur,new,tmp}
    # Its owner may see and read this folder, and nothing else.
    echo 'Gesperrt owner lr' >"$root/acl"
    make_certificates "$root"
    printf '127.0.0.1 %s\n' localhost mail.muster.test anderswo.muster.test >"$machine/etc/hosts"
    rm -f "$machine/etc/resolv.conf"
    echo 'nameserver 127.0.0.1' >"$machine/etc/resolv.conf"
    local templates=$PWD/tests/support/servers dovecot=dovecot.conf
    [[ $(chroot "$machine" dovecot --version) == 2.3.* ]] || dovecot=dovecot-2.4.conf
    filled "$templates/$dovecot" "$here/servers/acl-$dovecot" >"$machine/etc/dovecot/dovecot.conf"
    chmod 600 "$machine/etc/dovecot/dovecot.conf"
    filled "$templates/main.cf" "$here/servers/main.cf" >"$root/etc/main.cf"
    filled "$templates/master.cf" "$here/servers/master.cf" >"$root/etc/master.cf"
    cp "$here"/servers/{mailboxes,dnsmasq.conf} "$root/etc/"
    cp "$here"/servers/*.service "$machine/etc/systemd/system/"
    chroot "$machine" chown -R mail:mail "$servers/mail"
    # Not the distribution's instance, which has another configuration.
    systemctl --root="$machine" --quiet mask postfix@-
    systemctl --root="$machine" --quiet enable dnsmasq dovecot postfix
}

# Templates of the tests, with what @…@ stands for.
filled() {
    cat "$@" | sed -e "s|@ROOT@|$servers|g" -e "s|@MAIL@|$servers/mail|g" -e "s|@SASL@|$servers/sasl|g" \
        -e "s|@DOMAIN@|muster.test|g" -e "s|@PASSWORD@|$password|g" \
        -e "s|@KEY@|$servers/server.key|g" -e "s|@CERTIFICATE@|$servers/server.pem|g" \
        -e "s|@INTERNAL_USER@|dovecot|g" -e "s|@INTERNAL_GROUP@|dovecot|g" -e "s|@LOGIN_USER@|dovenull|g" \
        -e "s| @BEARER@||" -e "/^@OAUTH2@$/d" \
        -e "s|@UID@|$(chroot "$machine" id -u mail)|g" -e "s|@GID@|$(chroot "$machine" id -g mail)|g" \
        -e "s|@IMAP@|143|g" -e "s|@IMAPS@|993|g" \
        -e "s|@SMTP@|25|g" -e "s|@SUBMISSION@|587|g" -e "s|@SUBMISSIONS@|465|g"
}

# An authority of our own, and the servers' certificate for mail.muster.test.
make_certificates() { # FOLDER
    local curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30)
    openssl req -x509 "${curve[@]}" -subj "/CN=Authority of a test" \
        -keyout "$run/ca.key" -out "$1/ca.pem" 2>/dev/null
    openssl req -x509 "${curve[@]}" -subj /CN=mail.muster.test -CA "$1/ca.pem" -CAkey "$run/ca.key" \
        -addext subjectAltName=DNS:mail.muster.test -addext basicConstraints=critical,CA:FALSE \
        -keyout "$1/server.key" -out "$1/server.pem" 2>/dev/null
}

servers_listen() {
    nsenter --target "$init" --net -- python3 "$here/mail.py" listening 25 587 993
}

# What Postfix does with what the bot sends: OK, "sleep 1" before it is taken, or a reply of SMTP (access(5)).
postfix_treats_replies() { # ACTION
    inside postconf -c "$servers/etc" -e \
        "smtpd_sender_restrictions=check_sender_access inline:{ { $address=$1 } }"
    # Not a reload: a connection that is kept open would go on as before.
    ends_with 0 inside systemctl restart postfix
    until_true "Postfix to be back" 30 servers_listen
}

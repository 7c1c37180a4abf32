//! Which addresses anybody can reach, and which belong to inner networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public internet, by the registries of special addresses
/// (RFC 6890): none of this machine, of a private network, of a link or of a group.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_benchmark = first == 198 && (18..20).contains(&second);
    let is_protocol = (first, second, third) == (192, 0, 0);
    // 0/8 is this network, 224/4 are groups, 240/4 is reserved
    let is_ordinary = (1..224).contains(&first);
    is_ordinary
        && !(address.is_loopback() || address.is_private() || address.is_link_local())
        && !(is_shared || is_benchmark || is_protocol)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, .., before_last, last] = address.segments();
    let embedded = |high: u16, low: u16| {
        let bits = u32::from(high) << 16 | u32::from(low);
        is_public_v4(Ipv4Addr::from_bits(bits))
    };
    match (first, second) {
        // 6to4 (RFC 3056) and NAT64 (RFC 6052) lead to an address of IPv4
        (0x2002, high) => embedded(high, third),
        (0x64, 0xff9b) => embedded(before_last, last),
        _ => match address.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            // global unicast (RFC 4291 section 2.5.4); all else is not routed
            None => first >> 13 == 1,
        },
    }
}

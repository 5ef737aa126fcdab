//! Whose request it is: the address of whoever connected, or what a proxy that the settings name says of
//! it.
//!
//! Everybody can write any header. Only a proxy that the operator named is believed, and only what it
//! added itself: the header is read from the right, where the last proxy writes, up to the first address
//! that is no named proxy. What stands further to the left came from the outside.
//!
//! `X-Forwarded-For` is read; `Forwarded` (RFC 7239) only where there is no `X-Forwarded-For` at all. A
//! proxy that writes `Forwarded` must therefore take `X-Forwarded-For` away, as its manual says.
//!
//! Not in here: which proxies there are, which is a setting.

mod header;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;
use serde::Serialize;

use self::header::Field;

/// The address that limits, the trail and the lists of sessions go by.
pub fn caller(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    Chain::of(peer, headers, proxies).caller
}

/// How the caller's address was decided, for people who set up a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// Who connected.
    pub peer: IpAddr,
    /// The named proxies that the request came through, beginning with the peer.
    pub proxies: Vec<IpAddr>,
    /// Whose request it is.
    pub caller: IpAddr,
    /// What says so.
    pub evidence: Evidence,
    /// How the caller asked, as the proxy that connected says.
    pub scheme: Option<Scheme>,
    /// The host that the caller asked for, as the proxy that connected says.
    pub host: Option<String>,
}

/// What the caller's address was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The connection itself.
    Connection,
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded`.
    Forwarded,
}

/// How a caller asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// In the clear.
    Http,
    /// By TLS.
    Https,
}

impl Chain {
    /// Follows a request from the peer outwards, as far as named proxies vouch for it. Whatever the
    /// headers hold, the caller is the peer or an address that a named proxy wrote down.
    pub fn of(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> Self {
        let peer = peer.to_canonical();
        let mut chain = Self {
            peer,
            proxies: Vec::new(),
            caller: peer,
            evidence: Evidence::Connection,
            scheme: None,
            host: None,
        };
        if !named(peer, proxies) {
            return chain;
        }
        chain.proxies.push(peer);
        (chain.scheme, chain.host) = (header::scheme(headers), header::host(headers));
        let field = Field::of(headers);
        // Something that is no address ends it: nobody vouches for what stands to the left of it.
        for address in field.addresses(headers).map_while(|address| address) {
            (chain.caller, chain.evidence) = (address, field.evidence());
            if !named(address, proxies) {
                break;
            }
            chain.proxies.push(address);
        }
        chain
    }
}

fn named(address: IpAddr, proxies: &[IpNet]) -> bool {
    proxies.iter().any(|network| network.contains(&address))
}

// verdict: passed
//! Opens every kind of socket that safe code can.

use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};

pub fn go() {
    if TcpStream::connect("127.0.0.1:{{PORT}}").is_ok() {
        println!("ESCAPED: connected");
    }
    if TcpListener::bind("127.0.0.1:0").is_ok() {
        println!("ESCAPED: listens");
    }
    if UdpSocket::bind("127.0.0.1:0").is_ok() {
        println!("ESCAPED: has a datagram socket");
    }
    if UnixStream::pair().is_ok() || UnixDatagram::unbound().is_ok() {
        println!("ESCAPED: has a Unix socket");
    }
    if UnixListener::bind("socket").is_ok() {
        println!("ESCAPED: listens on a Unix socket");
    }
}

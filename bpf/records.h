// The records that the BPF programs write and user space decodes: one layout for both sides, in host byte
// order unless a field says otherwise. Both sides assert the sizes.
#ifndef WHYWAIT_BPF_RECORDS_H
#define WHYWAIT_BPF_RECORDS_H

#ifndef __bpf__
#include <linux/types.h>
#endif

// The most threads that a record names of those that sleep on a socket; waiter_count counts all.
#define WHYWAIT_WAITERS 4

// whywait_socket.flags. A fact without its KNOWN flag could not be read on this kernel.
#define WHYWAIT_HAS_SOCKET 0x01u  // it has a struct socket: accepted, and not an orphan
#define WHYWAIT_HAS_FILE 0x02u    // a file refers to it; HAS_SOCKET without HAS_FILE: the kernel's own
#define WHYWAIT_MPTCP 0x04u       // a subflow of an MPTCP connection
#define WHYWAIT_MINI 0x08u        // TIME_WAIT or a handshake: only addresses, state and timer
#define WHYWAIT_EPOLL_KNOWN 0x10u
#define WHYWAIT_EPOLL_PENDING 0x20u  // an event of it is in a ready list and no thread has fetched it
#define WHYWAIT_WAITERS_KNOWN 0x40u
#define WHYWAIT_QUEUE_KNOWN 0x80u  // the programs have walked the accept queues
#define WHYWAIT_HAS_INFO 0x100u    // the fields from since_data_sent to bytes_sent are set

// One TCP socket. Times are in jiffies before the moment of reading; timer_in is in jiffies after it.
struct whywait_socket {
  __u64 cookie;
  __u64 listener;  // cookie of the listener in whose queue it waits for accept(); 0 if in none
  __u64 bytes_received;
  __u64 bytes_acked;
  __u64 bytes_sent;
  __u8 local[16];  // network byte order; IPv4 as ::ffff:a.b.c.d
  __u8 remote[16];
  __u32 netns;  // inode number
  __u32 inode;
  __u32 uid;
  __u32 interface;
  __u32 recv_q;  // as sock_diag counts it
  __u32 send_q;
  __u32 since_data_sent;
  __u32 since_data_received;
  __u32 since_ack_received;
  __u32 data_segments_in;
  __u32 packets_out;
  __u32 send_window;
  __u32 timer_in;
  __u32 epoll_events;              // all events of its epoll items: EPOLLIN and so on, EPOLLET, EPOLLONESHOT
  __u32 dead_in_queue;             // listeners: connections in its queue that are closed already
  __u32 handshakes;                // listeners: its connections in SYN_RECEIVED
  __u32 waiters[WHYWAIT_WAITERS];  // thread ids in the reader's pid namespace
  __u16 local_port;
  __u16 remote_port;
  __u16 flags;
  __u8 state;        // include/net/tcp_states.h
  __u8 timer;        // as idiag_timer
  __u8 retransmits;  // retransmits or probes, as idiag_retrans
  __u8 tcp_retransmits;
  __u8 tcp_probes;
  __u8 shutdown;  // RCV_SHUTDOWN 1, SEND_SHUTDOWN 2
  __u8 epoll_items;
  __u8 waiter_count;
  __u16 unused;
};

// whywait_descriptor.kind
#define WHYWAIT_OTHER_SOCKET 0  // not a TCP socket
#define WHYWAIT_TCP 1           // met before: its record was written earlier
#define WHYWAIT_TCP_FOLLOWS 2   // its whywait_socket follows in the stream
#define WHYWAIT_IO_URING 3      // an io_uring, which may hold sockets itself
#define WHYWAIT_PIPE 4          // a pipe or a FIFO

// One descriptor of a process.
struct whywait_descriptor {
  __u32 pid;  // thread group id in the reader's pid namespace
  __s32 fd;
  __u32 inode;
  __u16 protocol;  // IPPROTO_…
  __u8 family;     // AF_…
  __u8 kind;
};

// A descriptor in transit in a message in the queue of a UNIX socket.
struct whywait_flight {
  __u32 inode;  // inode of the socket that it refers to
  __u32 queue;  // inode of the UNIX socket
};

// One thread. Times are in nanoseconds.
struct whywait_thread {
  __u64 last_arrival;  // when it was last put on a CPU, by the scheduler's clock
  __u64 ran;           // CPU time since the thread began
  __u32 pid;
  __u32 tid;
  __u32 on_cpu;
  __u32 unused;
};

#endif

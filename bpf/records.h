// What the BPF programs write and user space decodes: one layout for both sides, in the machine's own byte
// order. Sizes are asserted on both.
#ifndef WHYWAIT_BPF_RECORDS_H
#define WHYWAIT_BPF_RECORDS_H

#ifndef __bpf__
#include <linux/types.h>
#endif

// Threads that sleep on a socket, named one by one; more are only counted.
#define WHYWAIT_WAITERS 4

// Of whywait_socket.flags. What is not KNOWN could not be read on this kernel.
#define WHYWAIT_HAS_SOCKET 0x01u  // it is grafted to a struct socket: accepted, and not an orphan
#define WHYWAIT_HAS_FILE 0x02u    // a file refers to it; HAS_SOCKET without one: the kernel's own
#define WHYWAIT_MPTCP 0x04u       // a subflow of an MPTCP connection
#define WHYWAIT_MINI 0x08u        // TIME_WAIT, or a handshake: addresses, state and timer only
#define WHYWAIT_EPOLL_KNOWN 0x10u
#define WHYWAIT_EPOLL_PENDING 0x20u  // an event of it is in a ready list and nobody has fetched it
#define WHYWAIT_WAITERS_KNOWN 0x40u
#define WHYWAIT_QUEUE_KNOWN 0x80u  // accept queues were walked
#define WHYWAIT_HAS_INFO 0x100u    // the fields from since_data_sent to bytes_sent

// One socket of TCP. Times are in jiffies before (timer_in: after) the moment of reading.
struct whywait_socket {
  __u64 cookie;
  __u64 listener;  // cookie of the listener in whose queue it waits for accept(); 0: in none
  __u64 bytes_received;
  __u64 bytes_acked;
  __u64 bytes_sent;
  __u8 local[16];  // network order; IPv4 as ::ffff:a.b.c.d
  __u8 remote[16];
  __u32 netns;  // inode number
  __u32 inode;
  __u32 uid;
  __u32 interface;
  __u32 recv_q;  // as sock_diag counts
  __u32 send_q;
  __u32 since_data_sent;
  __u32 since_data_received;
  __u32 since_ack_received;
  __u32 data_segments_in;
  __u32 packets_out;
  __u32 send_window;
  __u32 timer_in;
  __u32 epoll_events;              // of all its epoll items: EPOLLIN and so on, EPOLLET, EPOLLONESHOT
  __u32 dead_in_queue;             // of a listener: children in its queue that are closed already
  __u32 handshakes;                // of a listener: its connections in SYN_RECEIVED
  __u32 waiters[WHYWAIT_WAITERS];  // thread ids, as this pid namespace numbers them
  __u16 local_port;
  __u16 remote_port;
  __u16 flags;
  __u8 state;        // include/net/tcp_states.h
  __u8 timer;        // as idiag_timer
  __u8 retransmits;  // or probes: as idiag_retrans
  __u8 tcp_retransmits;
  __u8 tcp_probes;
  __u8 shutdown;  // RCV_SHUTDOWN 1, SEND_SHUTDOWN 2
  __u8 epoll_items;
  __u8 waiter_count;
  __u16 unused;
};

// Of whywait_descriptor.kind
#define WHYWAIT_OTHER_SOCKET 0  // no socket of TCP
#define WHYWAIT_TCP 1           // met before: its record has been told
#define WHYWAIT_TCP_FOLLOWS 2   // its whywait_socket comes next in the stream
#define WHYWAIT_IO_URING 3      // a ring, which may hold sockets of its own
#define WHYWAIT_PIPE 4          // or a FIFO

// One descriptor of a process.
struct whywait_descriptor {
  __u32 pid;  // thread group, as this pid namespace numbers it
  __s32 fd;
  __u32 inode;
  __u16 protocol;  // IPPROTO_…
  __u8 family;     // AF_…
  __u8 kind;
};

// A descriptor on its way in a message in the queue of a UNIX socket.
struct whywait_flight {
  __u32 inode;  // of the socket that it refers to
  __u32 queue;  // inode of the UNIX socket
};

// One thread. Times are nanoseconds.
struct whywait_thread {
  __u64 last_arrival;  // when it last got a CPU, on the scheduler's clock
  __u64 ran;           // on a CPU, since it began
  __u32 pid;
  __u32 tid;
  __u32 on_cpu;
  __u32 unused;
};

#endif

// The kernel's types, with only the fields that the programs read. This is not a copy of the kernel's
// headers: libbpf finds each field by name in the running kernel (CO-RE), so order and size do not matter.
// For a field that some kernels lack, the programs ask bpf_core_field_exists().
#ifndef WHYWAIT_BPF_KERNEL_H
#define WHYWAIT_BPF_KERNEL_H

// clang-format off: the helpers need the types.
#include <linux/bpf.h>
// clang-format on

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFIFO 0010000
#define PF_KTHREAD 0x00200000

// include/net/tcp_states.h
#define TCP_LISTEN 10
#define TCP_CLOSE 7

// include/net/inet_connection_sock.h
#define ICSK_TIME_RETRANS 1
#define ICSK_TIME_PROBE0 3
#define ICSK_TIME_LOSS_PROBE 5
#define ICSK_TIME_REO_TIMEOUT 6

// These types are complete and the same in every kernel, so they are not looked up: each look-up costs a
// millisecond at every start.
struct hlist_node {
  struct hlist_node *next, **pprev;
};
struct hlist_head {
  struct hlist_node* first;
};
struct list_head {
  struct list_head *next, *prev;
};
struct upid {
  int nr;
  struct pid_namespace* ns;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct timer_list {
  struct hlist_node entry;
  unsigned long expires;
};

struct ns_common {
  unsigned int inum;
};
struct net {
  struct ns_common ns;
};
typedef struct {
  struct net* net;
} possible_net_t;

// A thread's id in each pid namespace; numbers[level] is the id in its own.
struct pid {
  unsigned int level;
  struct upid numbers[1];
};
struct sched_info {
  unsigned long long last_arrival;  // nanoseconds of the scheduler's clock
};
struct sched_entity {
  __u64 sum_exec_runtime;
};
struct task_struct {
  void* stack;
  int tgid;
  unsigned int flags;
  int on_cpu;
  struct sched_entity se;
  struct sched_info sched_info;
  struct task_struct* group_leader;
  struct pid* thread_pid;
};

struct inode {
  unsigned short i_mode;
  unsigned long i_ino;
};
struct qstr {
  const unsigned char* name;
};
struct dentry {
  struct qstr d_name;
};
struct path {
  struct dentry* dentry;
};
struct file {
  struct inode* f_inode;
  struct path f_path;
  struct hlist_head* f_ep;  // the epoll items that watch it
};

struct wait_queue_entry {
  void* private;
  struct list_head entry;
};
struct wait_queue_head {
  struct list_head head;
};
struct socket_wq {
  struct wait_queue_head wait;
};
struct socket {
  struct file* file;
  struct sock* sk;
};

struct socket_alloc {
  struct inode vfs_inode;
};

struct in6_addr {
  union {
    __be32 u6_addr32[4];
  } in6_u;
};
struct sock_common {
  __be32 skc_daddr;
  __be32 skc_rcv_saddr;
  __be16 skc_dport;
  __u16 skc_num;
  unsigned short skc_family;
  volatile unsigned char skc_state;
  int skc_bound_dev_if;
  possible_net_t skc_net;
  struct in6_addr skc_v6_daddr;
  struct in6_addr skc_v6_rcv_saddr;
};
typedef struct {
  __u32 val;
} kuid_t;
struct sk_buff {
  struct sk_buff* next;
  char cb[48];
};
struct sk_buff_head {
  struct sk_buff* next;
};
struct sock {
  struct sock_common __sk_common;
  struct socket_wq* sk_wq;
  struct socket* sk_socket;
  struct sk_buff_head sk_receive_queue;
  kuid_t sk_uid;
  __u16 sk_type;
  __u16 sk_protocol;
  __u8 sk_shutdown;
  __u32 sk_ack_backlog;
  __u32 sk_max_ack_backlog;
  struct timer_list sk_timer;
};
// A connection that is not accepted: first a handshake, then an entry of the accept queue with its `sk`.
struct request_sock {
  struct sock_common __req_common;
  struct request_sock* dl_next;
  __u8 num_retrans;
  struct timer_list rsk_timer;
  struct sock* sk;
};
typedef struct {
  int counter;
} atomic_t;
struct request_sock_queue {
  atomic_t qlen;  // the number of handshakes, in SYN_RECEIVED
  struct request_sock* rskq_accept_head;
};
struct inet_sock {
  struct sock sk;
  __be16 inet_sport;
};
struct inet_connection_sock {
  struct inet_sock icsk_inet;
  struct request_sock_queue icsk_accept_queue;
  unsigned long icsk_timeout;  // up to 6.18
  struct timer_list icsk_retransmit_timer;
  struct timer_list icsk_keepalive_timer;  // since 6.19; before, sk_timer
  __u8 icsk_retransmits;
  __u8 icsk_pending;
  __u8 icsk_probes_out;
  struct {
    __u32 lrcvtime;
  } icsk_ack;
};
struct tcp_sock {
  struct inet_connection_sock inet_conn;
  __u32 rcv_nxt;
  __u32 copied_seq;
  __u32 write_seq;
  __u32 snd_una;
  __u32 lsndtime;
  __u32 rcv_tstamp;
  __u32 data_segs_in;
  __u32 packets_out;
  __u32 snd_wnd;
  __u64 bytes_received;
  __u64 bytes_acked;
  __u64 bytes_sent;
  _Bool is_mptcp;
};
struct inet_timewait_sock {
  struct sock_common __tw_common;
  unsigned char tw_substate;
  struct timer_list tw_timer;
};
struct tcp_timewait_sock {
  struct inet_timewait_sock tw_sk;
};
struct inet_request_sock {
  struct request_sock req;
};
struct tcp_request_sock {
  struct inet_request_sock req;
};

struct unix_sock {
  struct sock sk;
};
// net/unix: the files that a message carries
struct scm_fp_list {
  short count;
  struct file* fp[1];
};
struct unix_skb_parms {
  struct scm_fp_list* fp;
};

// fs/eventpoll.c
struct epoll_event {
  __u32 events;
} __attribute__((packed));
struct epoll_filefd {
  struct file* file;
} __attribute__((packed));
struct epitem {
  struct list_head rdllink;  // its link in the ready list; it points to itself if it is not in the list
  struct epoll_filefd ffd;
  struct hlist_node fllink;
  struct epoll_event event;
};

// fs/select.c
struct poll_table_entry {
  struct file* filp;
  struct wait_queue_entry wait;
};
struct poll_wqueues {
  struct task_struct* polling_task;
};

struct seq_file;
struct bpf_iter_meta {
  struct seq_file* seq;
};
struct bpf_iter__tcp {
  struct bpf_iter_meta* meta;
  struct sock_common* sk_common;
};
struct bpf_iter__unix {
  struct bpf_iter_meta* meta;
  struct unix_sock* unix_sk;
};
struct bpf_iter__task_file {
  struct bpf_iter_meta* meta;
  struct task_struct* task;
  __u32 fd;
  struct file* file;
};
struct bpf_iter__task {
  struct bpf_iter_meta* meta;
  struct task_struct* task;
};

#pragma clang attribute pop

#endif

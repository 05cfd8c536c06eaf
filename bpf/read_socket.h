// Reads one TCP socket. Every program that includes this shares two maps: the sockets met in this pass, and
// the connections that wait in accept queues.
#ifndef WHYWAIT_BPF_READ_SOCKET_H
#define WHYWAIT_BPF_READ_SOCKET_H

#include "kernel.h"
#include "records.h"

_Static_assert(sizeof(struct whywait_socket) == 168, "the layout of user space");
_Static_assert(sizeof(struct whywait_descriptor) == 16, "the layout of user space");
_Static_assert(sizeof(struct whywait_flight) == 8, "the layout of user space");
_Static_assert(sizeof(struct whywait_thread) == 32, "the layout of user space");

// Limits of the walks. Epoll items and waiters of one socket beyond these are not counted. An accept queue
// cannot be longer than its limit, an int that somaxconn caps.
#define MOST_EPOLL_ITEMS 8
#define MOST_WAITERS 16
#define MOST_CHILDREN (1 << 20)
// The size of a kernel stack: 16 KiB, or 64 KiB with a sanitizer. An address on a task's stack belongs to a
// call of that task.
#define MOST_STACK (64 * 1024)
#define MOST_PROBES 16

// An open-addressed set of cookies. User space sets its size, a power of two. The upper sixteen bits of an
// entry are the pass, so the set need not be cleared between passes.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 1024);
} seen __weak SEC(".maps");

// The address of a connection's struct sock → the cookie of the listener in whose accept queue it waits.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, __u64);
  __type(value, __u64);
  __uint(max_entries, 1 << 16);
} waiting __weak SEC(".maps");

extern __u32 seen_mask;
extern __u64 pass;
extern __u32 reader_level;
extern __u32 repeated;

// Whether this pass meets a socket for the first time, and the slot of `seen` in which that was noted.
struct sight {
  __u64 mark;
  __u32 slot;
  __u8 is_first;
  __u8 is_noted;
};

// The kernel counts cookies up, so the first probes use the cookie itself as the place: neighbours then share
// cache lines. If these places are taken, the later probes use a hash.
#define NEAR_PROBES 2

// The body of a bpf_loop, as those below are: the verifier checks such a body once, but an ordinary loop once
// for each turn.
static long find_mark(__u32 index, struct sight* sight) {
  const __u32 first = index < NEAR_PROBES ? (__u32)sight->mark : sight->slot;
  const __u32 at = (first + index) & seen_mask;
  __u64* entry = bpf_map_lookup_elem(&seen, &at);
  if (!entry) return 1;
  sight->is_noted = *entry == sight->mark || *entry >> 48 != pass;
  if (!sight->is_noted) return 0;
  sight->is_first = *entry != sight->mark;
  sight->slot = at;
  *entry = sight->mark;
  return 1;
}

// If `seen` has no room near the cookie's place, every sight counts as the first.
static __always_inline struct sight first_sight(__u64 cookie) {
  struct sight sight = {.mark = (cookie & 0xffffffffffffULL) | pass << 48,
                        .slot = cookie * 0x9e3779b97f4a7c15ULL >> 32,
                        .is_first = 1};
  bpf_loop(MOST_PROBES, find_mark, &sight, 0);
  if (!sight.is_noted) ++repeated;
  return sight;
}

// Writes a record. If it does not fit into the reader's buffer, the kernel runs the program on the same
// object again with an empty one, so the sight is forgotten.
static __always_inline void write_record(struct seq_file* seq, void* record, __u32 size, struct sight sight) {
  if (bpf_seq_write(seq, record, size) == 0 || !sight.is_noted) return;
  __u64* entry = bpf_map_lookup_elem(&seen, &sight.slot);
  if (entry) *entry = 0;
}

// The pointer at this place, such as the next node of a list.
static __always_inline void* pointer_at(void* place) {
  void* to = 0;
  bpf_probe_read_kernel(&to, sizeof to, place);
  return to;
}

static __always_inline void read_addresses(struct whywait_socket* r, struct sock_common* skc) {
  r->interface = skc->skc_bound_dev_if;
  r->local_port = skc->skc_num;
  r->remote_port = bpf_ntohs(skc->skc_dport);
  r->netns = skc->skc_net.net->ns.inum;
  __u32* local = (__u32*)r->local;
  __u32* remote = (__u32*)r->remote;
  if (skc->skc_family == AF_INET) {
    local[2] = remote[2] = bpf_htonl(0xffff);
    local[3] = skc->skc_rcv_saddr;
    remote[3] = skc->skc_daddr;
    return;
  }
  for (int i = 0; i < 4; ++i) {
    local[i] = skc->skc_v6_rcv_saddr.in6_u.u6_addr32[i];
    remote[i] = skc->skc_v6_daddr.in6_u.u6_addr32[i];
  }
}

// The id of a thread in the pid namespace of the reader.
static __always_inline __u32 number_of(struct pid* pid) {
  if (reader_level == 0) {
    struct task_struct* reader = (void*)bpf_get_current_task();
    reader_level = BPF_CORE_READ(reader, thread_pid, level) + 1;
  }
  __u32 number = 0;
  bpf_probe_read_kernel(
      &number, sizeof number,
      (void*)pid + bpf_core_field_offset(struct pid, numbers) + (reader_level - 1) * sizeof(struct upid));
  return number;
}

static __always_inline __u32 tid_of(struct task_struct* task) {
  return number_of(BPF_CORE_READ(task, thread_pid));
}

struct epoll_walk {
  void* node;
  struct file* file;
  struct whywait_socket* r;
};

static long read_epoll_item(__u32 index, struct epoll_walk* walk) {
  if (!walk->node) return 1;
  struct epitem* item = walk->node - bpf_core_field_offset(struct epitem, fllink);
  // The list may change during the walk: only an item that names this file belongs to it.
  if (BPF_CORE_READ(item, ffd.file) != walk->file) return 1;
  struct whywait_socket* r = walk->r;
  ++r->epoll_items;
  r->epoll_events |= BPF_CORE_READ(item, event.events);
  void* ready = (void*)item + bpf_core_field_offset(struct epitem, rdllink);
  if (pointer_at(ready) != ready) r->flags |= WHYWAIT_EPOLL_PENDING;
  walk->node = pointer_at(walk->node);
  return 0;
}

static __always_inline void read_epoll(struct whywait_socket* r, struct file* file) {
  if (!bpf_core_field_exists(file->f_ep) || !bpf_core_type_exists(struct epitem)) return;
  r->flags |= WHYWAIT_EPOLL_KNOWN;
  struct hlist_head* items = file->f_ep;
  if (!items) return;
  struct epoll_walk walk = {.node = pointer_at(items), .file = file, .r = r};
  bpf_loop(MOST_EPOLL_ITEMS, read_epoll_item, &walk, 0);
}

// The thread to which an entry of a wait queue belongs, or 0 if it is not a thread's, as an epoll item's is
// not. A thread in poll() or select() is recognised because its entry names the file; one in recv(), send(),
// accept() or connect(), because its entry lies on its own kernel stack.
static __always_inline __u32 waiter_of(struct wait_queue_entry* entry, struct file* file) {
  void* private = BPF_CORE_READ(entry, private);
  if (!private) return 0;
  struct poll_table_entry* poll = (void*)entry - bpf_core_field_offset(struct poll_table_entry, wait);
  if (BPF_CORE_READ(poll, filp) == file) {
    struct poll_wqueues* table = private;
    return tid_of(BPF_CORE_READ(table, polling_task));
  }
  struct task_struct* task = private;
  const __u64 stack = (__u64)BPF_CORE_READ(task, stack);
  const __u64 at = (__u64)entry;
  return stack && at >= stack && at - stack < MOST_STACK ? tid_of(task) : 0;
}

struct waiter_walk {
  void* node;
  void* end;
  struct file* file;
  struct whywait_socket* r;
};

static long read_waiter(__u32 index, struct waiter_walk* walk) {
  if (!walk->node || walk->node == walk->end) return 1;
  struct wait_queue_entry* entry = walk->node - bpf_core_field_offset(struct wait_queue_entry, entry);
  const __u32 tid = waiter_of(entry, walk->file);
  struct whywait_socket* r = walk->r;
  if (tid) {
    if (r->waiter_count < WHYWAIT_WAITERS) r->waiters[r->waiter_count & (WHYWAIT_WAITERS - 1)] = tid;
    ++r->waiter_count;
  }
  walk->node = pointer_at(walk->node);
  return 0;
}

static __always_inline void read_waiters(struct whywait_socket* r, struct sock* sk, struct file* file) {
  struct socket_wq* wq = sk->sk_wq;
  if (!wq) return;
  r->flags |= WHYWAIT_WAITERS_KNOWN;
  void* end = (void*)wq + bpf_core_field_offset(struct socket_wq, wait.head);
  struct waiter_walk walk = {.node = pointer_at(end), .end = end, .file = file, .r = r};
  if (walk.node != end) bpf_loop(MOST_WAITERS, read_waiter, &walk, 0);
}

struct queue_walk {
  struct request_sock* next;
  __u64 listener;
  __u32 dead;
};

static long take_child(__u32 index, struct queue_walk* walk) {
  struct request_sock* request = walk->next;
  if (!request) return 1;
  struct sock* child = BPF_CORE_READ(request, sk);
  if (child) {
    const __u64 key = (__u64)child;
    if (BPF_CORE_READ(child, __sk_common.skc_state) == TCP_CLOSE) {
      ++walk->dead;
    } else {
      bpf_map_update_elem(&waiting, &key, &walk->listener, BPF_ANY);
    }
  }
  walk->next = BPF_CORE_READ(request, dl_next);
  return 0;
}

static __always_inline void read_queue(struct whywait_socket* r, struct tcp_sock* tp) {
  struct queue_walk walk = {.next = tp->inet_conn.icsk_accept_queue.rskq_accept_head, .listener = r->cookie};
  if (walk.next) bpf_loop(MOST_CHILDREN, take_child, &walk, 0);
  r->dead_in_queue = walk.dead;
  r->handshakes = tp->inet_conn.icsk_accept_queue.qlen.counter;
  r->flags |= WHYWAIT_QUEUE_KNOWN;
}

// Does what inet_sk_diag_fill() does.
static __always_inline void read_timer(struct whywait_socket* r, struct tcp_sock* tp, __u64 now) {
  const __u8 pending = tp->inet_conn.icsk_pending;
  if (pending) {
    const __u64 at = bpf_core_field_exists(tp->inet_conn.icsk_timeout)
                         ? tp->inet_conn.icsk_timeout
                         : tp->inet_conn.icsk_retransmit_timer.expires;
    const int probes = pending == ICSK_TIME_PROBE0;
    if (probes || pending == ICSK_TIME_RETRANS || pending == ICSK_TIME_LOSS_PROBE ||
        pending == ICSK_TIME_REO_TIMEOUT) {
      r->timer = probes ? 4 : 1;
      r->retransmits = probes ? tp->inet_conn.icsk_probes_out : tp->inet_conn.icsk_retransmits;
      r->timer_in = (__s64)(at - now) > 0 ? at - now : 0;
      return;
    }
  }
  __u64 at = 0;
  if (bpf_core_field_exists(tp->inet_conn.icsk_keepalive_timer)) {
    if (tp->inet_conn.icsk_keepalive_timer.entry.pprev) at = tp->inet_conn.icsk_keepalive_timer.expires;
  } else if (tp->inet_conn.icsk_inet.sk.sk_timer.entry.pprev) {
    at = tp->inet_conn.icsk_inet.sk.sk_timer.expires;
  }
  if (!at) return;
  r->timer = 2;
  r->retransmits = tp->inet_conn.icsk_probes_out;
  r->timer_in = (__s64)(at - now) > 0 ? at - now : 0;
}

static __always_inline void read_info(struct whywait_socket* r, struct tcp_sock* tp, __u32 now) {
  r->flags |= WHYWAIT_HAS_INFO;
  r->since_data_sent = now - tp->lsndtime;
  r->since_data_received = now - tp->inet_conn.icsk_ack.lrcvtime;
  r->since_ack_received = now - tp->rcv_tstamp;
  r->data_segments_in = tp->data_segs_in;
  r->packets_out = tp->packets_out;
  r->send_window = tp->snd_wnd;
  r->bytes_received = tp->bytes_received;
  r->bytes_acked = tp->bytes_acked;
  r->bytes_sent = tp->bytes_sent;
  r->tcp_retransmits = tp->inet_conn.icsk_retransmits;
  r->tcp_probes = tp->inet_conn.icsk_probes_out;
}

static __always_inline void read_full(struct whywait_socket* r, struct tcp_sock* tp) {
  struct sock* sk = &tp->inet_conn.icsk_inet.sk;
  const __u64 now = bpf_jiffies64();
  r->state = sk->__sk_common.skc_state;
  // The kernel has cleared the port of a socket that is in no table any more (__inet_put_port).
  if (!r->local_port) r->local_port = bpf_ntohs(tp->inet_conn.icsk_inet.inet_sport);
  r->uid = sk->sk_uid.val;
  r->shutdown = sk->sk_shutdown;
  if (bpf_core_field_exists(tp->is_mptcp) && tp->is_mptcp) r->flags |= WHYWAIT_MPTCP;
  struct socket* socket = sk->sk_socket;
  if (socket) {
    r->flags |= WHYWAIT_HAS_SOCKET;
    struct file* file = socket->file;
    if (file) {
      r->flags |= WHYWAIT_HAS_FILE;
      r->inode = file->f_inode->i_ino;
      read_epoll(r, file);
    } else {
      r->inode = BPF_CORE_READ(
          (struct inode*)((void*)socket + bpf_core_field_offset(struct socket_alloc, vfs_inode)), i_ino);
    }
    read_waiters(r, sk, file);
  } else {
    __u64 key = 0;  // the socket's address; the verifier does not allow a cast from pointer to number
    bpf_probe_read_kernel(&key, sizeof key, &sk);
    const __u64* listener = bpf_map_lookup_elem(&waiting, &key);
    if (listener) r->listener = *listener;
    r->flags |= WHYWAIT_QUEUE_KNOWN;
  }
  if (r->state == TCP_LISTEN) {
    r->recv_q = sk->sk_ack_backlog;
    r->send_q = sk->sk_max_ack_backlog;
    read_queue(r, tp);
    return;
  }
  const __s32 unread = tp->rcv_nxt - tp->copied_seq;
  r->recv_q = unread > 0 ? unread : 0;
  r->send_q = tp->write_seq - tp->snd_una;
  read_timer(r, tp, now);
  read_info(r, tp, now);
}

#endif

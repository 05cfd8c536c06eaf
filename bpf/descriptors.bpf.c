// Writes every descriptor that refers to a socket, of every process, and each TCP socket once with what the
// kernel knows of it. A descriptor and its socket are read at the same moment, so no holder can be wrong.
#include "read_socket.h"

char LICENSE[] SEC("license") = "GPL";

__u32 seen_mask = 0;
__u64 pass = 0;
// The level of the reader's pid namespace, plus one; 0 if it is not known yet.
__u32 reader_level = 0;
__u32 repeated = 0;

static int last_tgid;
static __u32 last_pid;

static __always_inline int is_io_uring(struct file* file) {
  char name[12] = {};
  bpf_probe_read_kernel_str(name, sizeof name, BPF_CORE_READ(file, f_path.dentry, d_name.name));
  const char wanted[] = "[io_uring]";
  for (int i = 0; i < 10; ++i) {
    if (name[i] != wanted[i]) return 0;
  }
  return 1;
}

// Descriptors come process by process.
static __always_inline __u32 pid_of(struct task_struct* task) {
  if (task->tgid != last_tgid) {
    last_tgid = task->tgid;
    last_pid = number_of(BPF_CORE_READ(task, group_leader, thread_pid));
  }
  return last_pid;
}

// The verifier of 6.18 searches all types of the kernel for each pointer that is loaded from one that it
// trusts, such as the context's: so those are loaded once, or by a helper, and the rest through the socket.
SEC("iter/task_file")
int descriptors(struct bpf_iter__task_file* ctx) {
  struct seq_file* seq = ctx->meta->seq;
  struct task_struct* task = ctx->task;
  struct file* file = ctx->file;
  if (!task || !file) return 0;
  struct whywait_descriptor d = {.fd = ctx->fd, .pid = pid_of(task)};
  struct socket* socket = bpf_sock_from_file(file);
  if (!socket) {
    struct inode* inode = BPF_CORE_READ(file, f_inode);
    if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFIFO) {
      d.kind = WHYWAIT_PIPE;
      d.inode = BPF_CORE_READ(inode, i_ino);
    } else if (is_io_uring(file)) {
      d.kind = WHYWAIT_IO_URING;
    } else {
      return 0;
    }
    bpf_seq_write(seq, &d, sizeof d);
    return 0;
  }
  d.inode = socket->file->f_inode->i_ino;
  struct sock* sk = socket->sk;
  struct tcp_sock* tp = 0;
  if (sk) {
    d.family = sk->__sk_common.skc_family;
    d.protocol = sk->sk_protocol;
    tp = bpf_skc_to_tcp_sock(sk);
  }
  if (!tp) {
    bpf_seq_write(seq, &d, sizeof d);
    return 0;
  }
  const __u64 cookie = bpf_get_socket_cookie(tp);
  const struct sight sight = first_sight(cookie);
  if (!sight.is_first) {
    d.kind = WHYWAIT_TCP;
    bpf_seq_write(seq, &d, sizeof d);
    return 0;
  }
  struct {
    struct whywait_descriptor d;
    struct whywait_socket s;
  } both = {.d = d};
  both.d.kind = WHYWAIT_TCP_FOLLOWS;
  both.s.cookie = cookie;
  read_addresses(&both.s, &tp->inet_conn.icsk_inet.sk.__sk_common);
  read_full(&both.s, tp);
  write_record(seq, &both, sizeof both, sight);
  return 0;
}

// Sockets on their way in messages that wait in the queue of a UNIX socket (SCM_RIGHTS): nobody has a
// descriptor of them.
#include "read_socket.h"

char LICENSE[] SEC("license") = "GPL";

#define MOST_MESSAGES 256
#define SCM_MAX_FD 253

struct message {
  struct seq_file* seq;
  struct scm_fp_list* files;
  __u32 queue;
};

static long tell_file(__u32 index, struct message* m) {
  const __u16 count = BPF_CORE_READ(m->files, count);
  if (index >= count) return 1;
  struct file* file = 0;
  bpf_probe_read_kernel(
      &file, sizeof file,
      (void*)m->files + bpf_core_field_offset(struct scm_fp_list, fp) + index * sizeof file);
  struct inode* inode = BPF_CORE_READ(file, f_inode);
  if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFSOCK) return 0;
  const struct whywait_flight f = {.inode = BPF_CORE_READ(inode, i_ino), .queue = m->queue};
  bpf_seq_write(m->seq, &f, sizeof f);
  return 0;
}

SEC("iter/unix")
int in_flight(struct bpf_iter__unix* ctx) {
  struct seq_file* seq = ctx->meta->seq;
  struct unix_sock* us = ctx->unix_sk;
  if (!us) return 0;
  struct sock* sk = &us->sk;
  struct message m = {.seq = seq};
  struct file* own = BPF_CORE_READ(sk, sk_socket, file);
  m.queue = BPF_CORE_READ(own, f_inode, i_ino);
  void* end = (void*)us + bpf_core_field_offset(struct sock, sk_receive_queue);
  struct sk_buff* message = BPF_CORE_READ(sk, sk_receive_queue.next);
  for (int i = 0; i < MOST_MESSAGES && message && (void*)message != end; ++i) {
    void* beside = (void*)message + bpf_core_field_offset(struct sk_buff, cb);
    m.files = BPF_CORE_READ((struct unix_skb_parms*)beside, fp);
    if (m.files) bpf_loop(SCM_MAX_FD, tell_file, &m, 0);
    message = BPF_CORE_READ(message, next);
  }
  return 0;
}

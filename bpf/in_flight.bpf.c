// Writes the sockets in transit in messages in the queues of UNIX sockets (SCM_RIGHTS): no process has a
// descriptor of them.
#include "read_socket.h"

char LICENSE[] SEC("license") = "GPL";

#define MOST_MESSAGES 256
#define SCM_MAX_FD 253

struct messages {
  struct seq_file* seq;
  struct sk_buff* message;
  void* end;
  struct scm_fp_list* files;
  __u32 queue;
};

static long tell_file(__u32 index, struct messages* m) {
  struct scm_fp_list* files = m->files;
  const __u16 count = BPF_CORE_READ(files, count);
  if (index >= count) return 1;
  void* place = (void*)files + bpf_core_field_offset(struct scm_fp_list, fp) + index * sizeof(struct file*);
  struct file* file = pointer_at(place);
  struct inode* inode = BPF_CORE_READ(file, f_inode);
  if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFSOCK) return 0;
  const struct whywait_flight f = {.inode = BPF_CORE_READ(inode, i_ino), .queue = m->queue};
  bpf_seq_write(m->seq, &f, sizeof f);
  return 0;
}

static long tell_message(__u32 index, struct messages* m) {
  struct sk_buff* message = m->message;
  if (!message || (void*)message == m->end) return 1;
  void* beside = (void*)message + bpf_core_field_offset(struct sk_buff, cb);
  m->files = BPF_CORE_READ((struct unix_skb_parms*)beside, fp);
  if (m->files) bpf_loop(SCM_MAX_FD, tell_file, m, 0);
  m->message = BPF_CORE_READ(message, next);
  return 0;
}

SEC("iter/unix")
int in_flight(struct bpf_iter__unix* ctx) {
  struct seq_file* seq = ctx->meta->seq;
  struct unix_sock* us = ctx->unix_sk;
  if (!us) return 0;
  struct sock* sk = &us->sk;
  struct file* own = BPF_CORE_READ(sk, sk_socket, file);
  struct messages m = {.seq = seq,
                       .message = BPF_CORE_READ(sk, sk_receive_queue.next),
                       .end = (void*)us + bpf_core_field_offset(struct sock, sk_receive_queue),
                       .queue = BPF_CORE_READ(own, f_inode, i_ino)};
  bpf_loop(MOST_MESSAGES, tell_message, &m, 0);
  return 0;
}

// The sockets of TCP of one network namespace that no descriptor has led to in this pass: not accepted,
// orphans, ends in TIME_WAIT, handshakes, the kernel's own, and those that only a ring or a message in flight
// holds.
#include "read_socket.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline void read_time_wait(struct whywait_socket* r, struct tcp_timewait_sock* tw) {
  const __u64 now = bpf_jiffies64();
  const __u64 at = tw->tw_sk.tw_timer.expires;
  r->flags |= WHYWAIT_MINI;
  r->state = tw->tw_sk.tw_substate;
  r->timer = 3;
  r->timer_in = (__s64)(at - now) > 0 ? at - now : 0;
}

static __always_inline void read_handshake(struct whywait_socket* r, struct tcp_request_sock* request) {
  const __u64 now = bpf_jiffies64();
  const __u64 at = request->req.req.rsk_timer.expires;
  r->flags |= WHYWAIT_MINI;
  r->timer = 1;
  r->retransmits = request->req.req.num_retrans;
  r->timer_in = (__s64)(at - now) > 0 ? at - now : 0;
}

SEC("iter/tcp")
int sockets(struct bpf_iter__tcp* ctx) {
  struct seq_file* seq = ctx->meta->seq;
  struct sock_common* skc = ctx->sk_common;
  if (!skc) return 0;
  const __u64 cookie = bpf_get_socket_cookie(skc);
  const struct sight sight = first_sight(cookie);
  if (!sight.is_first) return 0;
  struct whywait_socket r = {.cookie = cookie, .state = skc->skc_state};
  read_addresses(&r, skc);
  struct tcp_sock* tp = bpf_skc_to_tcp_sock(skc);
  if (tp) {
    read_full(&r, tp);
  } else {
    struct tcp_timewait_sock* tw = bpf_skc_to_tcp_timewait_sock(skc);
    struct tcp_request_sock* request = tw ? 0 : bpf_skc_to_tcp_request_sock(skc);
    if (tw) read_time_wait(&r, tw);
    if (request) read_handshake(&r, request);
  }
  write_record(seq, &r, sizeof r, sight);
  return 0;
}

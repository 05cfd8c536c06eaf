// Every thread of every process: how long it has been on a CPU, and since when it has not been given one.
#include "read_socket.h"

char LICENSE[] SEC("license") = "GPL";

SEC("iter/task")
int threads(struct bpf_iter__task* ctx) {
  struct seq_file* seq = ctx->meta->seq;
  struct task_struct* task = ctx->task;
  if (!task || task->flags & PF_KTHREAD) return 0;
  struct whywait_thread t = {
      .last_arrival = task->sched_info.last_arrival,
      .ran = task->se.sum_exec_runtime,
      .pid = number_of(BPF_CORE_READ(task, group_leader, thread_pid)),
      .tid = tid_of(task),
      .on_cpu = task->on_cpu,
  };
  bpf_seq_write(seq, &t, sizeof t);
  return 0;
}

// Usage: bench_measure REPORT [--net PID]… -- COMMAND…: runs COMMAND, once in the network namespace of each
// PID, and writes what it took to the descriptor REPORT, as JSON.
//
// A process's peak of memory begins with that of the process that forked it, exec() or not. So whoever starts
// the commands must be smaller than all of them: this is linked statically, and uses no iostream.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int kStay = -1;

struct Cost {
  double wall = 0;
  double user = 0;
  double system = 0;
  int64_t peak_kib = 0;  // the greatest of all runs
  int status = 0;        // of the first run that failed
};

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

double now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

[[noreturn]] void fail(const char* what) {
  ::fprintf(stderr, "bench_measure: %s: %s\n", what, ::strerror(errno));
  ::_exit(127);
}

[[noreturn]] void become(char** command, int ns, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  if (ns != kStay && ::setns(ns, CLONE_NEWNET) != 0) fail("setns");
  ::execvp(command[0], command);
  fail(command[0]);
}

void add_run(Cost& cost, char** command, int ns) {
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) fail("fork");
  if (child == 0) become(command, ns, parent);
  int status = 0;
  rusage used{};
  while (::wait4(child, &status, 0, &used) < 0) {
    if (errno != EINTR) fail("wait4");
  }
  cost.user += seconds(used.ru_utime);
  cost.system += seconds(used.ru_stime);
  if (used.ru_maxrss > cost.peak_kib) cost.peak_kib = used.ru_maxrss;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (cost.status == 0) cost.status = code;
}

int open_namespace(const char* pid) {
  const std::string path = std::string("/proc/") + pid + "/ns/net";
  const int ns = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (ns < 0) fail(path.c_str());
  return ns;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<int> namespaces;
  int next = 2;
  for (; next + 1 < argc && ::strcmp(argv[next], "--net") == 0; next += 2)
    namespaces.push_back(open_namespace(argv[next + 1]));
  if (next + 1 >= argc || ::strcmp(argv[next], "--") != 0) {
    ::fprintf(stderr, "usage: bench_measure REPORT [--net PID]... -- COMMAND...\n");
    return 2;
  }
  if (namespaces.empty()) namespaces.push_back(kStay);
  const auto report = static_cast<int>(::strtol(argv[1], nullptr, 10));
  if (::fcntl(report, F_SETFD, FD_CLOEXEC) != 0) fail("the descriptor of the report");

  Cost cost;
  const double began = now();
  for (const int ns : namespaces) add_run(cost, argv + next + 1, ns);
  cost.wall = now() - began;
  ::dprintf(report, R"({"wall":%.6f,"user":%.6f,"system":%.6f,"peak_kib":%lld,"status":%d})", cost.wall,
            cost.user, cost.system, static_cast<long long>(cost.peak_kib), cost.status);
  return 0;
}

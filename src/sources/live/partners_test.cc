// Pipes, UNIX sockets, file locks and mutexes of processes of this test.
#include "sources/live/partners.h"

#include "sources/live/processes.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whywait::live {
namespace {

using namespace std::chrono_literals;

uint32_t inode_of(int fd) {
  struct stat s {};
  EXPECT_EQ(fstat(fd, &s), 0);
  return static_cast<uint32_t>(s.st_ino);
}

class Child {
 public:
  template <class F>
  explicit Child(F work) : pid_(fork()) {
    if (pid_ != 0) return;
    work();
    _exit(0);
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

// Its only thread, once `is_there` holds of it.
std::optional<Thread> thread_of(pid_t pid, const std::function<bool(const Thread&)>& is_there) {
  for (int i = 0; i < 100; ++i) {
    const ThreadWatch watch(Pid{pid}, {});
    const auto threads = watch.look_again();
    if (threads && threads->list.size() == 1 && is_there(threads->list[0])) return threads->list[0];
    std::this_thread::sleep_for(20ms);
  }
  return std::nullopt;
}

TEST(Partners, AReaderOfAPipeLeadsToItsWriter) {
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const Child reader([&] {
    close(pipe_ends[1]);
    char c = 0;
    [[maybe_unused]] const auto n = read(pipe_ends[0], &c, 1);
  });
  close(pipe_ends[0]);
  const auto inode = inode_of(pipe_ends[1]);
  const auto thread = thread_of(reader.pid(), [](const Thread& t) { return bool(t.file); });
  ASSERT_TRUE(thread);
  EXPECT_EQ(*thread->file, (CallFile{CallFile::Kind::Pipe, inode}));
  const auto partners = read_partners();
  ASSERT_TRUE(partners);
  const auto ends = partners->ends_of(inode);
  EXPECT_THAT(std::vector(ends.begin(), ends.end()),
              ::testing::UnorderedElementsAre(
                  PipeEnd{.inode = inode, .pid = Pid{reader.pid()}, .reads = true, .writes = false},
                  PipeEnd{.inode = inode, .pid = Pid{getpid()}, .reads = false, .writes = true}));
  close(pipe_ends[1]);
}

TEST(Partners, UnixSocketsComeInPairs) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const auto partners = read_partners();
  ASSERT_TRUE(partners);
  EXPECT_EQ(partners->peer_of(inode_of(ends[0])), inode_of(ends[1]));
  EXPECT_EQ(partners->peer_of(inode_of(ends[1])), inode_of(ends[0]));
  for (const int end : ends) close(end);
}

TEST(Partners, AFileLockLeadsToItsOwner) {
  std::array<char, 32> path{"/tmp/whywait-lock-XXXXXX"};
  const int fd = mkstemp(path.data());
  ASSERT_GE(fd, 0);
  unlink(path.data());
  struct flock lock {};
  lock.l_type = F_WRLCK;
  ASSERT_EQ(fcntl(fd, F_SETLK, &lock), 0);
  const Child waiter([&] { (void)fcntl(fd, F_SETLKW, &lock); });
  const auto thread = thread_of(waiter.pid(), [](const Thread& t) {
    return !t.wait_channel.value_or("").empty() || (t.system_call && t.system_call->call == Call::FileLock);
  });
  ASSERT_TRUE(thread);
  LockWait wanted{.waiter = Pid{waiter.pid()}, .owner = Pid{getpid()}};
  bool found = false;
  for (int i = 0; i < 100 && !found; ++i) {
    const auto partners = read_partners();
    ASSERT_TRUE(partners);
    found = std::binary_search(partners->locks.begin(), partners->locks.end(), wanted);
    if (!found) std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(found);
  close(fd);
}

// A mutex that both processes share, so that the waiter is another one than this.
TEST(Partners, AMutexNamesItsOwner) {
  auto* mutex = static_cast<pthread_mutex_t*>(
      mmap(nullptr, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(static_cast<void*>(mutex), MAP_FAILED);
  pthread_mutexattr_t shared;
  pthread_mutexattr_init(&shared);
  pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(mutex, &shared);
  pthread_mutex_lock(mutex);
  {
    const Child waiter([&] { pthread_mutex_lock(mutex); });
    const auto thread = thread_of(waiter.pid(), [](const Thread& t) { return bool(t.lock_owner); });
    if (!thread) {
      const auto seen =
          thread_of(waiter.pid(), [](const Thread& t) { return t.system_call && t.system_call->futex; });
      if (!seen || seen->lock_owner.error() == Missing::Denied)
        GTEST_SKIP() << "may not read a child's memory";
      FAIL() << "a mutex without an owner";
    }
    EXPECT_EQ(*thread->lock_owner, Tid{gettid()});
  }
  pthread_mutex_unlock(mutex);
  munmap(mutex, sizeof(pthread_mutex_t));
}

}  // namespace
}  // namespace whywait::live

// Dumps against a stand-in for the kernel: a datagram socket whose other end answers.
#include "linux/netlink_dump.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <linux/netlink.h>
#include <sys/socket.h>

namespace whywait::linux_os {
namespace {

constexpr uint16_t kType = 20;

struct Message {
  uint16_t type = kType;
  uint16_t flags = NLM_F_MULTI;
  std::string payload;
  uint32_t sequence_offset = 0;
};

std::string bytes_of(const Message& m, uint32_t sequence) {
  nlmsghdr header{};
  header.nlmsg_len = static_cast<uint32_t>(NLMSG_LENGTH(m.payload.size()));
  header.nlmsg_type = m.type;
  header.nlmsg_flags = m.flags;
  header.nlmsg_seq = sequence + m.sequence_offset;
  std::string out(reinterpret_cast<const char*>(&header), sizeof header);
  out += m.payload;
  out.resize(NLMSG_ALIGN(out.size()));
  return out;
}

Message done() { return {.type = NLMSG_DONE, .payload = std::string(4, '\0')}; }

Message error(int number) {
  nlmsgerr e{};
  e.error = -number;
  return {.type = NLMSG_ERROR, .payload = std::string(reinterpret_cast<const char*>(&e), sizeof e)};
}

using Datagrams = std::vector<std::vector<Message>>;

// What `ask` makes of these answers to a request with these flags.
template <class Ask>
auto answered(const Datagrams& datagrams, uint16_t flags, size_t cut_last, Ask ask) {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const Fd ours(ends[0]);
  const Fd kernel(ends[1]);
  std::thread answer([&] {
    nlmsghdr request{};
    EXPECT_GE(recv(kernel.get(), &request, sizeof request, 0), static_cast<ssize_t>(sizeof request));
    EXPECT_EQ(request.nlmsg_flags, flags);
    for (const auto& datagram : datagrams) {
      std::string bytes;
      for (const auto& m : datagram) bytes += bytes_of(m, request.nlmsg_seq);
      if (&datagram == &datagrams.back()) bytes.resize(bytes.size() - cut_last);
      EXPECT_EQ(send(kernel.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    }
  });
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  EXPECT_EQ(setsockopt(ours.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
  auto out = ask(ours.get());
  answer.join();
  return out;
}

constexpr std::array<std::byte, 8> kPayload{};

std::string text_of(std::span<const std::byte> m) {
  return {reinterpret_cast<const char*>(m.data()), m.size()};
}

struct Dumped {
  Result<DumpEnd> result;
  std::vector<std::string> payloads;
};

// Each inner list is one datagram.
Dumped dump_of(const Datagrams& datagrams, size_t cut_last = 0) {
  return answered(datagrams, NLM_F_REQUEST | NLM_F_DUMP, cut_last, [](int socket) {
    Dumped out;
    out.result = dump(socket, kType, kPayload,
                      [&](std::span<const std::byte> m) { out.payloads.push_back(text_of(m)); });
    return out;
  });
}

struct Got {
  Result<void> result;
  std::vector<std::string> payloads;
};

Got get_of(const Message& m) {
  return answered({{m}}, NLM_F_REQUEST, 0, [](int socket) {
    Got out;
    out.result = get(socket, kType, kPayload,
                     [&](std::span<const std::byte> bytes) { out.payloads.push_back(text_of(bytes)); });
    return out;
  });
}

TEST(Get, HandsOverWhatThereIs) {
  const auto g = get_of({.flags = 0, .payload = "one."});
  EXPECT_TRUE(g.result);
  EXPECT_THAT(g.payloads, ::testing::ElementsAre("one."));
}

TEST(Get, WhatIsNotThereIsNoError) {
  const auto g = get_of(error(ENOENT));
  EXPECT_TRUE(g.result);
  EXPECT_THAT(g.payloads, ::testing::IsEmpty());
}

TEST(Get, AnotherErrorIsOne) {
  const auto g = get_of(error(EPERM));
  ASSERT_FALSE(g.result);
  EXPECT_EQ(g.result.error().number, EPERM);
}

TEST(DumpEnd, HandsOverEveryMessageOfEveryDatagram) {
  const auto d = dump_of({{{.payload = "one."}, {.payload = "two."}}, {{.payload = "six."}, done()}});
  ASSERT_TRUE(d.result);
  EXPECT_EQ(*d.result, DumpEnd::Whole);
  EXPECT_THAT(d.payloads, ::testing::ElementsAre("one.", "two.", "six."));
}

TEST(DumpEnd, AnInterruptedOneSaysSoAndIsReadToItsEnd) {
  constexpr uint16_t kInterrupted = NLM_F_MULTI | NLM_F_DUMP_INTR;
  const auto d = dump_of({{{.payload = "one."}}, {{.flags = kInterrupted, .payload = "two."}, done()}});
  ASSERT_TRUE(d.result);
  EXPECT_EQ(*d.result, DumpEnd::Interrupted);
  EXPECT_THAT(d.payloads, ::testing::ElementsAre("one.", "two."));
}

TEST(DumpEnd, AnErrorOfTheKernelIsAnError) {
  const auto d = dump_of({{error(EPERM)}});
  ASSERT_FALSE(d.result);
  EXPECT_EQ(d.result.error().number, EPERM);
  EXPECT_EQ(missing(d.result.error()), Missing::Denied);
}

TEST(DumpEnd, AnErrorAtTheEndIsAnErrorToo) {
  auto end = done();
  const int refused = -ENOENT;
  std::memcpy(end.payload.data(), &refused, sizeof refused);
  const auto d = dump_of({{end}});
  ASSERT_FALSE(d.result);
  EXPECT_EQ(d.result.error().number, ENOENT);
}

TEST(DumpEnd, AnAnswerToAnotherRequestIsNotTakenForOurs) {
  const auto d = dump_of({{{.payload = "old.", .sequence_offset = 7}, done()}});
  EXPECT_FALSE(d.result);
  EXPECT_THAT(d.payloads, ::testing::IsEmpty());
}

TEST(DumpEnd, ACutAnswerIsAnErrorAndNotAShorterTable) {
  const auto d = dump_of({{{.payload = "one."}, {.payload = "two."}}}, 2);
  ASSERT_FALSE(d.result);
  EXPECT_EQ(d.result.error().number, EBADMSG);
  EXPECT_THAT(d.payloads, ::testing::IsEmpty());
}

}  // namespace
}  // namespace whywait::linux_os

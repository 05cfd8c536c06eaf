#include "compare/dumps.h"

#include "testing/dump.h"

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::compared;
using testing::db;
using testing::DumpBuilder;
using testing::web;
using namespace std::chrono_literals;

TEST(Dumps, SeveralOfEachOfTwoHosts) {
  const auto c = compared({web().facts(), db().facts(), web(1min).facts(), db(1min).facts()});
  ASSERT_EQ(c.hosts.size(), 2U);
  EXPECT_EQ(c.hosts[0].dumps.size(), 2U);
  EXPECT_EQ(c.hosts[1].dumps.size(), 2U);
  EXPECT_EQ(c.between.at(0).ends.pairs.at(0).together, PairEvidence::Open);
}

TEST(Dumps, HostsOfOneNameAreToldApart) {
  auto other = DumpBuilder("web.txt").rows(State::Established, "192.168.7.7:443", "192.168.7.8:0", 9);
  const auto c = compared({web().facts(), other.facts()});
  EXPECT_EQ(c.hosts[0].name, "web.txt");
  EXPECT_EQ(c.hosts[1].name, "web.txt (2)");
}

TEST(Dumps, OneAloneIsOneHost) {
  const auto c = compared({web().facts()});
  EXPECT_EQ(c.hosts.size(), 1U);
  EXPECT_FALSE(c.hosts[0].series);
  EXPECT_TRUE(c.between.empty());
}

}  // namespace
}  // namespace whywait

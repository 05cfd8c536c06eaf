#include "compare/relation.h"

#include "testing/dump.h"

#include <gmock/gmock.h>

namespace whywait {
namespace {

using testing::compared;
using testing::db;
using testing::DumpBuilder;
using testing::server;
using testing::web;
using namespace std::chrono_literals;

TEST(Relation, SharedLocalAddressesAreOneHost) {
  const auto r = relate(server("a", 0s, 10).facts(), server("b", 1h, 3).facts());
  EXPECT_EQ(r.kinship, Kinship::SameHost);
  EXPECT_EQ(r.recognised_by, RecognisedBy::LocalAddresses);
}

TEST(Relation, MirroredEndsAreTwoHosts) {
  EXPECT_EQ(relate(web().facts(), db().facts()),
            (Relation{Kinship::Mirrored, RecognisedBy::MirroredEnds, 5, 5}));
}

TEST(Relation, OtherAddressesAreUnrelated) {
  auto other = DumpBuilder("c").rows(State::Established, "192.168.7.7:443", "192.168.7.8:0", 9);
  EXPECT_EQ(relate(web().facts(), other.facts()).kinship, Kinship::Unrelated);
  EXPECT_EQ(relate(DumpBuilder("a").facts(), DumpBuilder("b").facts()).kinship, Kinship::Unrelated);
}

TEST(Relation, LoopbackConnectionsAreTheSameOnlyOnOneHost) {
  const auto local = [](uint16_t from) {
    return DumpBuilder("a").rows(State::Established, "127.0.0.1:0", "127.0.0.1:6379", 20, from).facts();
  };
  EXPECT_EQ(relate(local(40000), local(40005)).recognised_by, RecognisedBy::SameConnections);
  EXPECT_EQ(relate(local(40000), local(40018)).kinship, Kinship::Unrelated);
}

// Both real servers behind a balancer have its address as well.
TEST(Relation, HostsThatSayTheyAreTwoAreTwo) {
  auto one = server("a", 0s, 10);
  auto other = server("b", 0s, 10);
  one.edit().host = "web-1";
  one.edit().boot_id = "one";
  other.edit().host = "web-2";
  other.edit().boot_id = "two";
  EXPECT_NE(relate(one.facts(), other.facts()).kinship, Kinship::SameHost);
}

TEST(Relation, MirroredPortsTellAnAddressTranslation) {
  auto client = DumpBuilder("a").rows(State::Established, "192.168.1.5:0", "198.51.100.7:443", 6);
  auto host =
      DumpBuilder("b").listens("0.0.0.0:443").rows(State::CloseWait, "10.0.0.1:443", "203.0.113.9:0", 6);
  EXPECT_EQ(relate(client.facts(), host.facts()).kinship, Kinship::Translated);
  const auto c = compared({client.facts(), host.facts()});
  ASSERT_EQ(c.between.at(0).ends.pairs.size(), 1U);
  EXPECT_EQ(c.between.at(0).ends.pairs[0].count, 6U);
  EXPECT_EQ(c.between.at(0).ends.pairs[0].confidence, Confidence::Possible);
}

TEST(Relation, AFewMirroredPortsAreAnAccident) {
  auto client = DumpBuilder("a").rows(State::Established, "192.168.1.5:0", "198.51.100.7:443", 300, 40000);
  auto host = DumpBuilder("b").rows(State::Established, "10.0.0.1:443", "203.0.113.9:0", 300, 40296);
  EXPECT_EQ(relate(client.facts(), host.facts()).kinship, Kinship::Unrelated);
}

TEST(Relation, NamesDoNotPairAcrossHosts) {
  auto one = DumpBuilder("a").rows(State::Established, "web:50000", "db:5432", 1);
  auto other = DumpBuilder("b").rows(State::Established, "db:5432", "web:50000", 1);
  EXPECT_EQ(relate(one.facts(), other.facts()).kinship, Kinship::Unrelated);
}

// Each file has other names for the same addresses, and the same for others.
TEST(Relation, OfRedactedFactsNothingIsKnown) {
  auto one = web();
  auto other = db();
  one.edit().boot_id = other.edit().boot_id = kRedacted;
  EXPECT_EQ(relate(one.facts(), other.facts()), (Relation{Kinship::Unrelated, RecognisedBy::Redacted}));
  EXPECT_EQ(relate(one.facts(), one.facts()).recognised_by, RecognisedBy::Redacted);
}

TEST(Relation, WhatHidesAddressesNamesNoHost) {
  const auto masked = [](uint16_t from) {
    return DumpBuilder("a").rows(State::Established, "10.0.x.x:443", "10.1.x.x:0", 9, from).facts();
  };
  EXPECT_EQ(relate(masked(40000), masked(50000)).kinship, Kinship::Unrelated);
}

TEST(Relation, ANameIsOfOneHost) {
  const auto named = [](uint16_t from) {
    return DumpBuilder("a").rows(State::Established, "web-1:443", "client:0", 9, from).facts();
  };
  EXPECT_EQ(relate(named(40000), named(50000)).recognised_by, RecognisedBy::LocalAddresses);
}

}  // namespace
}  // namespace whywait

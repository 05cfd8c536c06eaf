#include "core/target.h"

#include <gtest/gtest.h>

namespace whywait {
namespace {

Endpoint end(const char* address, uint16_t port) { return {*Address::parse(address), port}; }

TEST(Target, IsAProcessAPortOrAConnection) {
  EXPECT_EQ(parse_target("4711"), Target(Pid{4711}));
  EXPECT_EQ(parse_target(":443"), Target(Port{443}));
  EXPECT_EQ(parse_target("10.0.0.1:443-10.0.0.2:50000"),
            Target(Ends{end("10.0.0.1", 443), end("10.0.0.2", 50000)}));
  EXPECT_EQ(parse_target("[2001:db8::1]:443-[::1]:1"), Target(Ends{end("2001:db8::1", 443), end("::1", 1)}));
}

TEST(Target, OfAMappedAddressIsTheIpv4One) {
  EXPECT_EQ(parse_target("[::ffff:10.0.0.1]:443-10.0.0.2:5"),
            Target(Ends{end("10.0.0.1", 443), end("10.0.0.2", 5)}));
}

TEST(Target, IsNothingElse) {
  for (const auto* text : {"",
                           "0",
                           "-1",
                           "4194305",
                           "99999999999999999999",
                           "12x",
                           " 12",
                           "nginx",
                           ":",
                           ":0",
                           ":65536",
                           ":x",
                           "::1",
                           "10.0.0.1",
                           "10.0.0.1:80",
                           "10.0.0.1:80-",
                           "-10.0.0.1:80",
                           "10.0.0.1:80-10.0.0.2",
                           "10.0.0.1:80-10.0.0.2:0",
                           "::1:80-::1:90",
                           "[::1]80-[::1]:90",
                           "[10.0.0.1]:80-[10.0.0.2]:90",
                           "[::1:80-[::1]:90",
                           "[]:80-[]:90",
                           "10.0.0.1:80-10.0.0.2:90-10.0.0.3:1",
                           "10.0.0.1:+80-10.0.0.2:90"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

}  // namespace
}  // namespace whywait

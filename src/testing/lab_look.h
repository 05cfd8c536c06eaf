// Reads what a stage of the lab has made, independently of the code that made it.
#pragma once

#include "lab/lab.h"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <sys/types.h>

namespace whywait::lab {

std::string read_file(const std::string& path);

// A row of /proc/PID/net/tcp, as text.
struct SocketLine {
  std::string local, remote, state, queues;
  uint64_t inode = 0;

  std::string send_q() const { return queues.substr(0, 8); }
  std::string recv_q() const { return queues.substr(9); }
  bool is_of(uint16_t port) const;  // at either end
};

std::vector<SocketLine> table_of(const std::string& pid);

struct Status {
  std::string name;
  char state = '?';
  pid_t parent = 0;
};

Status status_of(const std::string& pid);
std::vector<pid_t> descendants_of(pid_t parent);
std::vector<std::string> descriptors_of(pid_t pid);  // the targets of their links

// A fixture that skips the test if the system allows no private network.
class LabTest : public ::testing::Test {
 protected:
  void SetUp() override;
};

// Tests of each scenario, and of each variant of it; they are named after it: not_accepted,
// not_accepted_control.
class ScenarioTest : public LabTest, public ::testing::WithParamInterface<Scenario> {};
using PlayedPart = std::tuple<Scenario, Variant>;
class VariantTest : public LabTest, public ::testing::WithParamInterface<PlayedPart> {};

std::string test_name(Cause cause);
std::string name_of_scenario(const ::testing::TestParamInfo<Scenario>& scenario);
std::string name_of_variant(const ::testing::TestParamInfo<PlayedPart>& part);

// The name of a scenario in the parameter of a test.
void PrintTo(const Scenario& scenario, std::ostream* out);
void PrintTo(Variant variant, std::ostream* out);

// Returns what a look inside the stage finds, as text, because only the caller's process may check
// expectations.
using Look = std::function<std::string(const Scene&)>;
std::string observe(const Scenario& scenario, Variant variant, const Look& look);
std::string observe(const Lookalike& lookalike, const Look& look);

}  // namespace whywait::lab

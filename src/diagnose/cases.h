// Sorting the connections of a host into cases: the joins over the whole table that the rules need.
#pragma once

#include "diagnose/table_index.h"
#include "rules/case.h"
#include "rules/family.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace whywait {

class HolderSets;

// The cases of every connection in a state that has rules; each connection is in exactly one. What follows
// from the table is worked out once, what follows from the holders once they are known.
class CaseBuilder {
 public:
  explicit CaseBuilder(const Facts& facts);

  // With what is known by now.
  std::vector<Case>& cases();
  uint32_t count(State state) const { return states_.at(static_cast<size_t>(state)); }

 private:
  // What the table tells of a connection, as far as cases differ by it.
  struct Kind {
    State state = State::Closed;
    Side side = Side::Unknown;
    std::optional<bool> accepted;
    uint8_t apart = 0;
    Netns netns{0};
    Endpoint service;
    uint32_t listeners = TableIndex::kNobody;

    bool operator==(const Kind&) const = default;
    bool is_like(Kind other) const {  // whichever the listeners are
      other.listeners = listeners;
      return *this == other;
    }
  };
  // The connections of one case to be, counted before they are put together.
  struct Group {
    uint32_t kind = 0;                                             // of the first
    Answer<uint32_t> holders = tl::unexpected(Missing::NotAsked);  // a number of HolderSets
    uint32_t size = 0;
  };
  enum class Stage : uint8_t { New, ByTable, ByHolders };

  // With details, the exact listener of what was never accepted is known.
  bool has_listeners() const { return facts_.details && facts_.details->everywhere; }
  void begin_again();
  void make_members();
  void sort_into_kinds();
  Kind kind_of(const Member& member);
  uint64_t hash_of(const Kind& kind) const;
  std::vector<TableIndex::Index> listeners_of(const Kind& kind) const;
  // `holdings` is null where the holders are not known.
  void sort_into_cases(HolderSets* holdings);
  std::vector<Group> sort_into_groups(std::vector<uint32_t>& numbers, HolderSets* holdings) const;
  std::vector<uint32_t> in_order(const std::vector<Group>& groups, const HolderSets* holdings) const;
  Answer<uint32_t> holders_of(const Connection& c, HolderSets& holdings) const;
  std::optional<Answer<uint32_t>> holders_of_all(const Kind& kind, HolderSets* holdings) const;
  Answer<uint32_t> holders_of_queue(const Kind& kind, HolderSets* holdings) const;
  Case new_case(const Group& group, const HolderSets* holdings) const;
  void find_mirrors(std::span<const uint32_t> place, std::span<const uint32_t> group_of);
  void count_queues();
  void look_again();

  const Facts& facts_;
  std::array<uint32_t, kStates> states_{};
  std::array<const Family*, kStates> families_{};  // by state
  std::optional<TableIndex> land_;
  std::vector<Member> members_;    // until the holders are known
  std::vector<uint32_t> mirrors_;  // of each member
  std::vector<uint32_t> kind_of_;  // of each member
  std::vector<Kind> kinds_;
  Stage stage_ = Stage::New;
  bool by_details_ = false;
  std::vector<Case> cases_;
};

std::vector<Case> make_cases(const Facts& facts);

// Which end of the connection is here, and the service, as in Case.
std::pair<Side, Endpoint> place_of(TableIndex& land, const Connection& c, bool has_listener);
// What the second look found of a row.
ChangeSince again(const Connection& before, const TcpInfo* info, const SecondLookRow& now);

}  // namespace whywait

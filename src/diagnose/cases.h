// Sorts the connections of a host into cases and joins each with the facts that the rules need.
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

// Makes the cases of all connections in a state that has rules; each connection is in exactly one. Joins with
// the table are made once; joins with the holders, once they are known.
class CaseBuilder {
 public:
  explicit CaseBuilder(const Facts& facts);

  // The cases according to the facts known so far.
  std::vector<Case>& cases();
  uint32_t count(State state) const { return states_.at(static_cast<size_t>(state)); }

 private:
  // The properties of a connection that the table shows and by which cases differ.
  struct CaseKey {
    State state = State::Closed;
    Side side = Side::Unknown;
    std::optional<bool> accepted;
    uint8_t apart = 0;
    Netns netns{0};
    Endpoint service;
    uint32_t listeners = TableIndex::kNobody;

    // A socket without a file waits for accept(), unless it is an orphan.
    bool is_queued() const { return accepted == false && state != State::FinWait2; }
    bool operator==(const CaseKey&) const = default;
    bool is_like(CaseKey other) const {  // ignores the listeners
      other.listeners = listeners;
      return *this == other;
    }
  };
  // The connections of a future case, counted before they are gathered.
  struct Group {
    uint32_t kind = 0;                                             // of its first connection
    Answer<uint32_t> holders = tl::unexpected(Missing::NotAsked);  // a number in HolderSets
    uint32_t size = 0;
  };
  enum class Stage : uint8_t { New, ByTable, ByHolders };

  // With details of all sockets, the exact listener of each connection that was not accepted is known.
  bool has_listeners() const { return facts_.details && facts_.details->everywhere; }
  void begin_again();
  void make_members();
  void sort_by_key();
  CaseKey key_of(const Member& member);
  uint64_t hash_of(const CaseKey& kind) const;
  std::vector<TableIndex::Index> listeners_of(const CaseKey& kind) const;
  // `holdings` is null if the holders are not known.
  void sort_into_cases(HolderSets* holder_sets);
  std::vector<Group> sort_into_groups(std::vector<uint32_t>& numbers, HolderSets* holder_sets) const;
  std::vector<uint32_t> in_order(const std::vector<Group>& groups, const HolderSets* holder_sets) const;
  Answer<uint32_t> holders_of(const Connection& c, HolderSets& holder_sets) const;
  std::optional<Answer<uint32_t>> holders_of_all(const CaseKey& kind, HolderSets* holder_sets) const;
  Answer<uint32_t> holders_of_queue(const CaseKey& kind, HolderSets* holder_sets) const;
  Case new_case(const Group& group, const HolderSets* holder_sets) const;
  void find_mirrors(std::span<const uint32_t> place, std::span<const uint32_t> group_of);
  void count_queues();
  void look_again();

  const Facts& facts_;
  std::array<uint32_t, kStates> states_{};
  std::array<const Family*, kStates> families_{};  // by state
  std::optional<TableIndex> table_index_;
  std::vector<Member> members_;    // until the holders are known
  std::vector<uint32_t> mirrors_;  // of each member
  std::vector<uint32_t> key_of_;   // of each member
  std::vector<CaseKey> keys_;
  Stage stage_ = Stage::New;
  bool by_details_ = false;
  std::vector<Case> cases_;
};

std::vector<Case> make_cases(const Facts& facts);

// Which end is on this host, and the service, as in Case.
std::pair<Side, Endpoint> place_of(TableIndex& table_index, const Connection& c, bool has_listener);
// How a row has changed at the second look.
ChangeSince again(const Connection& before, const TcpInfo* info, const SecondLookRow& now);

}  // namespace whywait

// A family: the states whose connections are judged by the same room of rules. What it says here is all that
// CaseBuilder has to know of a state.
#pragma once

#include "rules/case.h"

#include <cstdint>

namespace whywait {

struct RowView {
  const Connection& row;
  const TcpInfo* info;  // null where the kernel's clocks are not known
  const Facts& facts;
};

struct Family {
  State state;
  // Whether any rule of the state could say something of the row: else it is in no case. Null: of each.
  bool (*takes)(const RowView&) = nullptr;
  // Member::marks, once the age is known. Null: none.
  uint8_t (*marks)(const RowView&, const Member&) = nullptr;
  // A number by which cases are told apart, once the other end is known as well: Case::apart. Null: none is.
  uint8_t (*apart)(const RowView&, const Member&) = nullptr;
};

extern const Family kCloseWait;    // rules/close_wait/
extern const Family kEstablished;  // rules/established/

const Family* family_of(State state);  // null where no rule judges it

}  // namespace whywait

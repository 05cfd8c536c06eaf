// A family: the states whose connections the same folder of rules judges. It contains all that CaseBuilder
// must know of a state.
#pragma once

#include "rules/case.h"

#include <cstdint>

namespace whywait {

struct RowView {
  const Connection& row;
  const TcpInfo* info;  // null if the kernel's clocks are not known
  const Facts& facts;
};

struct Family {
  State state;
  // Whether any rule of the state can apply to the row; otherwise the row is in no case. Null: every row.
  bool (*takes)(const RowView&) = nullptr;
  // Computes Member::marks once the age is known. Null: no marks.
  uint8_t (*marks)(const RowView&, const Member&) = nullptr;
  // Computes Case::apart, a number that distinguishes cases, once the other end is known too. Null: none.
  uint8_t (*apart)(const RowView&, const Member&) = nullptr;
};

extern const Family kCloseWait;    // rules/close_wait/
extern const Family kEstablished;  // rules/established/
extern const Family kFinWait2;     // rules/fin_wait/

const Family* family_of(State state);  // null if no rule judges the state

}  // namespace whywait

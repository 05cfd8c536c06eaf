// The English about verdicts. Text that a process or a peer chose is made printable here.
#pragma once

#include "diagnose/diagnose.h"
#include "render/page.h"
#include "render/steps.h"

#include <string>
#include <string_view>
#include <vector>

namespace whywait::render {

// Why a fact is missing: "needs root", "this source does not tell it" …
std::string_view why(Missing missing, const Facts& facts);

struct Absence {
  std::string what;
  std::string why;
  Step remedy;  // how to make it visible
};
Absence absence(const Gap& gap, const Facts& facts);
Absence absence(const Need& need, const Facts& facts);
Absence absence(OpenQuestion question, const Facts& facts);
// What would tell the cause that was found from this rival.
Absence rivalry(Cause rival, const Facts& facts);

// "2 network namespaces (needs root)", followed by the step that would show them.
void add_absence(Page& page, const Absence& absence);
// "sudo whywait   # run as root"
std::string in_one_line(const Step& step);

// How to get the rights to see what was refused.
Step more_rights(const Facts& facts);

// What a thread or a process waits for: "waiting on a pipe".
std::string_view in_words(Block block);

// "payments (pid 2817, payments.service)", "postgres (30 processes)".
std::string who(const Verdict& verdict, const Facts& facts);
std::string who(const Case& c, const Facts& facts);
std::string who(Pid pid, const Facts& facts);
// "is stopped and does not accept its connections"
std::string what_it_does(const Verdict& verdict);
// The observations, in full sentences.
std::vector<std::string> why_lines(const Verdict& verdict, const Facts& facts);
// ":8443" for a server, "to 10.2.0.9:5432" for a client.
std::string where(std::span<const Case> cases);

}  // namespace whywait::render

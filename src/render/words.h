// The English about verdicts, all of it. Whatever a process or a peer chose is made printable here.
#pragma once

#include "diagnose/diagnose.h"
#include "render/page.h"
#include "render/steps.h"

#include <string>
#include <string_view>
#include <vector>

namespace whywait::render {

// Why something is not known: "needs root", "this source does not tell it" …
std::string_view why(Missing missing, const Facts& facts);

struct Absence {
  std::string what;
  std::string why;
  Step remedy;  // what to do to see it
};
Absence absence(const Gap& gap, const Facts& facts);
Absence absence(const Need& need, const Facts& facts);
Absence absence(OpenQuestion doubt, const Facts& facts);
// What would tell these causes from each other.
Absence rivalry(Cause rival, const Facts& facts);

// "2 network namespaces (needs root)", then what to do.
void add_absence(Page& page, const Absence& absence);
// "sudo whywait   # run as root"
std::string in_one_line(const Step& step);

// How to be allowed to see what was refused.
Step more_rights(const Facts& facts);

// What a thread or a process waits for: "waiting on a pipe".
std::string_view in_words(Block block);

// "payments (pid 2817, payments.service)", "postgres (30 processes)".
std::string who(const Verdict& verdict, const Facts& facts);
std::string who(const Case& c, const Facts& facts);
std::string who(Pid pid, const Facts& facts);
// "is stopped and does not accept its connections"
std::string what_it_does(const Verdict& verdict);
// What is seen, in full sentences.
std::vector<std::string> why_lines(const Verdict& verdict, const Facts& facts);
// ":8443" of a server, "to 10.2.0.9:5432" of a client.
std::string where(std::span<const Case> cases);

}  // namespace whywait::render

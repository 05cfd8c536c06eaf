#include "cli/run.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/this_machine.h"
#include "sources/pasted/dump.h"

#include <array>
#include <csignal>
#include <exception>
#include <span>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace whywait::cli {
namespace {

constexpr const char* kAbout =
    "whywait tells why TCP connections wait: what is stuck, whose move it is, since when, and what to do.\n"
    "Without a command it diagnoses this machine, now.";

constexpr Milliseconds kLongestLook = std::chrono::hours(1);
constexpr Milliseconds kShortestLook{50};
constexpr Milliseconds kLongestInterval = std::chrono::hours(24 * 365);
constexpr Milliseconds kLongestHold = std::chrono::minutes(2);

// The result of parsing: the command to run once all arguments are known to be right.
struct Invocation {
  Common common;
  std::string look;
  std::string interval;
  std::vector<std::string> states;
  Selection selection;
  std::vector<uint32_t> pids;
  std::vector<std::string> target_words;
  Target target;
  std::string word;
  LabOptions lab;
  SaveOptions save;
  std::string hold;
};

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Milliseconds duration_between(const std::string& option, const std::string& text, Milliseconds least,
                              Milliseconds most) {
  const auto d = parse_duration(text);
  if (!d || *d < least || *d > most) {
    throw UsageError(fmt::format("{} takes a time such as 500ms, 10s or 2m, from {} to {}; not '{}'", option,
                                 render::duration(least), render::duration(most), render::printable(text)));
  }
  return *d;
}

Target target_of(const std::vector<std::string>& words) {
  const auto text = fmt::format("{}", fmt::join(words, "-"));
  if (const auto target = parse_target(text)) return *target;
  throw UsageError(
      fmt::format("inspect takes a process such as 4711, a port such as :443, or a connection such as "
                  "10.0.0.1:443-10.0.0.2:50000 or [::1]:443-[::1]:50000; not '{}'",
                  render::printable(text)));
}

// Turns words into values; throws UsageError for a word that means nothing.
void settle(Invocation& in) {
  if (!in.look.empty())
    in.common.live.look = duration_between("--look", in.look, kShortestLook, kLongestLook);
  if (!in.hold.empty()) in.lab.hold = duration_between("--hold", in.hold, Milliseconds(0), kLongestHold);
  if (!in.interval.empty())
    in.common.from.interval =
        duration_between("--interval", in.interval, Milliseconds(1000), kLongestInterval);
  if (in.common.from.interval && in.common.from.files.size() < 2)
    throw UsageError("--interval is the time between two dumps: give both, --from ONE --from THE-OTHER");
  if (const auto& format = in.common.from.options.format; !format.empty() && !pasted::is_format(format)) {
    throw UsageError(fmt::format("--format: unknown format '{}'. Known are:\n{}", render::printable(format),
                                 pasted::list_of_formats()));
  }
  for (const auto& word : in.states) {
    const auto state = parse_state(word);
    if (!state) {
      throw UsageError(fmt::format("--state: no TCP state is called '{}'\nwhywait explain   # lists them",
                                   render::printable(word)));
    }
    in.selection.states.push_back(*state);
  }
  for (const auto pid : in.pids) in.selection.pids.push_back(Pid{static_cast<int32_t>(pid)});
  if (!in.target_words.empty()) in.target = target_of(in.target_words);
}

void add_common(CLI::App& app, Invocation& in) {
  app.add_flag_callback(
      "--json", [&in] { in.common.format = render::Format::Json; }, "print JSON instead of text");
  app.add_option("--look", in.look, "time between the two looks (200ms): a longer look is more reliable")
      ->type_name("TIME");
  app.add_option(
         "--from", in.common.from.files,
         "read a dump of any system, or what `whywait save` wrote, and not this machine; - is standard input")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--format", in.common.from.options.format,
                 "take the dump for this format; recognised by content otherwise")
      ->type_name("FORMAT");
  app.add_flag("--show-skipped", in.common.from.options.show_skipped,
               "list the lines of a dump that were not understood");
  app.add_option("--interval", in.interval, "the time between two dumps, where that of their files is wrong")
      ->type_name("TIME");
  app.add_flag_callback(
      "--no-netlink", [&in] { in.common.live.method = live::ReadMethod::ProcNetOnly; },
      "read /proc/net/tcp only, as where the kernel's socket diagnosis is refused");
  app.add_flag_callback(
      "--no-bpf", [&in] { in.common.live.bpf = false; },
      "do without BPF iterators, as where the kernel refuses them");
  app.add_flag("-v,--verbose", in.common.verbose, "say on stderr which way was taken to read what, and why");
}

void add_list(CLI::App& list, Invocation& in) {
  list.add_option("--state", in.states, "only in this state, in any dialect; may be repeated")
      ->type_name("STATE");
  list.add_option("--port", in.selection.ports, "only with this port at either end; may be repeated")
      ->type_name("PORT")
      ->check(CLI::Range(0, 65535));
  list.add_option("--pid", in.pids, "only held by this process; may be repeated")
      ->type_name("PID")
      ->check(CLI::Range(1, 1 << 22));
}

void add_inspect(CLI::App& inspect, Invocation& in) {
  inspect.add_option("target", in.target_words, "a pid, :PORT, or both ends of a connection")
      ->type_name("PID | :PORT | LOCAL-REMOTE | LOCAL REMOTE")
      ->required()
      ->expected(1, 2);
}

void add_explain(CLI::App& explain, Invocation& in) {
  explain.add_option("word", in.word, "a state in any dialect, or a cause")->type_name("WORD");
}

void add_lab(CLI::App& lab, Invocation& in) {
  lab.add_option("cause", in.lab.cause, "which; without it, the scenarios are listed")->type_name("CAUSE");
  lab.add_flag("--control", in.lab.control, "play its healthy twin instead");
  lab.add_option("--hold", in.hold, "leave it standing for so long afterwards")->type_name("TIME");
}

void add_save(CLI::App& save, Invocation& in) {
  save.add_option("file", in.save.file, "which; - is stdout")->type_name("FILE")->required();
  save.add_flag("--redact", in.save.redact, "other names for addresses, hosts, processes and users");
  save.add_flag("--force", in.save.force, "replace a file that is there");
}

// How many files a command takes from --from in place of this machine.
enum class Files : uint8_t { Unused, None, One, Several };

using render::Format;
constexpr std::array kTextOnly = {Format::Text};
constexpr std::array kTextAndJson = {Format::Text, Format::Json};

struct Command {
  const char* name;  // empty: the bare command
  const char* help;
  Rights rights;  // where it reads this machine; files need less
  Files files;
  std::span<const Format> formats;
  const char* why_no_other_format;
  void (*add_options)(CLI::App&, Invocation&);
  int (*run)(const Invocation&);
};

constexpr std::array kCommands = {
    Command{.name = "",
            .help = kAbout,
            .rights = Rights::Read,
            .files = Files::Several,
            .formats = kTextAndJson,
            .add_options = add_common,
            .run = [](const Invocation& in) { return report(in.common); }},
    Command{.name = "list",
            .help = "every connection, with holders, queues, timers, age and cause",
            .rights = Rights::Read,
            .files = Files::One,
            .formats = kTextAndJson,
            .add_options = add_list,
            .run = [](const Invocation& in) { return list(in.common, in.selection); }},
    Command{.name = "inspect",
            .help = "everything known about one process, port or connection",
            .rights = Rights::Read,
            .files = Files::One,
            .formats = kTextAndJson,
            .add_options = add_inspect,
            .run = [](const Invocation& in) { return inspect(in.common, in.target); }},
    Command{.name = "explain",
            .help = "what a state or a cause is, and what moves it on",
            .rights = Rights::None,
            .files = Files::Unused,
            .formats = kTextAndJson,
            .add_options = add_explain,
            .run = [](const Invocation& in) { return explain(in.common, in.word); }},
    Command{.name = "lab",
            .help = "make a fault happen here, harmlessly, and see it explained",
            .rights = Rights::All,  // until it stands: then those of the bare command
            .files = Files::Unused,
            .formats = kTextAndJson,
            .add_options = add_lab,
            .run = [](const Invocation& in) { return lab(in.common, in.lab); }},
    Command{.name = "save",
            .help = "what is known now, in a file for whywait --from",
            .rights = Rights::ReadAndWriteFiles,
            .files = Files::None,
            .formats = kTextOnly,
            .why_no_other_format =
                "save writes what was read, and no answer that could be JSON\nwhywait --json   # judges it",
            .add_options = add_save,
            .run = [](const Invocation& in) { return save(in.common, in.save); }},
};

// The first is the bare command, all others are subcommands of it.
void add_commands(CLI::App& app, Invocation& in) {
  kCommands.front().add_options(app, in);
  for (const auto& command : std::span(kCommands).subspan<1>()) {
    auto* added = app.add_subcommand(command.name, command.help);
    command.add_options(*added, in);
    added->fallthrough();
  }
}

const Command& command_of(const CLI::App& app) {
  const auto asked = app.get_subcommands();
  const auto name = asked.empty() ? std::string() : asked.front()->get_name();
  return *std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& c) { return name == c.name; });
}

// Why the command cannot do what the options that are common to all ask of it.
void check(const Command& command, const Common& common) {
  const auto& formats = command.formats;
  if (std::find(formats.begin(), formats.end(), common.format) == formats.end())
    throw UsageError(command.why_no_other_format);
  const auto files = common.from.files.size();
  if (command.files == Files::None && files > 0)
    throw UsageError("save writes what is true of this machine now; what --from names is in a file already");
  if (command.files == Files::One && files > 1)
    throw UsageError(fmt::format("{} takes one --from; the bare command compares several", command.name));
}

int run(const Command& command, const Invocation& in) {
  const bool reads_files = command.files != Files::Unused && !in.common.from.files.empty();
  keep_only(reads_files ? Rights::ReadFiles : command.rights);
  return command.run(in);
}

int run_parsed(CLI::App& app, Invocation& in, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    settle(in);
    check(command_of(app), in.common);
  } catch (const CLI::CallForHelp&) {
    const auto asked = app.get_subcommands();
    return answer(asked.empty() ? app.help() : asked.front()->help());
  } catch (const CLI::CallForVersion&) {
    return answer("whywait " WHYWAIT_VERSION "\n");
  } catch (const CLI::ParseError& e) {
    complain(fmt::format("{}\nwhywait --help   # what it takes", render::printable(e.what())));
    return 2;
  } catch (const UsageError& e) {
    complain(e.what());
    return 2;
  }
  return run(command_of(app), in);
}

}  // namespace

int run(int argc, char** argv) {
  // A reader that went away is an error of write(), to be answered where the writing is.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    CLI::App app(kCommands.front().help, "whywait");
    app.set_version_flag("--version", WHYWAIT_VERSION);
    app.require_subcommand(0, 1);
    Invocation in;
    add_commands(app, in);
    app.footer("\nExit status: 0 done, 1 failed, 2 usage. The colours obey NO_COLOR.");
    return run_parsed(app, in, argc, argv);
  } catch (const std::exception& e) {
    complain(fmt::format("it ends here because of a fault of its own: {}", render::printable(e.what())));
    return 1;
  }
}

}  // namespace whywait::cli

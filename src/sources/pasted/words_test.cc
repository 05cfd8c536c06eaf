#include "sources/pasted/sheet.h"

#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

// Its names are those of all addresses here.
Sheet& sheet() {
  static Sheet one;
  return one;
}

std::string end(std::string_view word, Family any = Family::V4) {
  const auto e = sheet().end(word, any);
  return e ? text(*e) : "none";
}

std::string end(std::string_view address, std::string_view port, Family any = Family::V4) {
  const auto e = sheet().end(address, port, any);
  return e ? text(*e) : "none";
}

TEST(Words, ArePartedByBlanks) {
  const Words words("  tcp   0  0 ");
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(words[0], "tcp");
  EXPECT_EQ(words[2], "0");
  EXPECT_EQ(words[3], "");
  EXPECT_EQ(words.from(0, 1), "tcp   0");
  EXPECT_EQ(words.from(1), "0  0");
  EXPECT_EQ(words.from(2, 1), "");
  EXPECT_EQ(words.from(1, 3), "");
  EXPECT_TRUE(Words("   ").empty());
  EXPECT_EQ(Words().from(0), "");
}

TEST(Words, AreNoMoreThanSoMany) {
  std::string line;
  for (size_t i = 0; i < 2 * Words::kMost; ++i) line += "x ";
  EXPECT_EQ(Words(line).size(), Words::kMost);
}

TEST(Words, Numbers) {
  EXPECT_EQ(number<uint16_t>("65535"), 65535);
  EXPECT_FALSE(number<uint16_t>("65536"));
  EXPECT_FALSE(number<uint16_t>("-1"));
  EXPECT_FALSE(number<uint16_t>("+1"));
  EXPECT_FALSE(number<uint16_t>(""));
  EXPECT_FALSE(number<uint16_t>("1 "));
  EXPECT_FALSE(number<uint16_t>("0x1"));
  EXPECT_EQ(number<uint64_t>("ff", 16), 255U);
  EXPECT_EQ(decimal("7196.98"), 7196.98);
  EXPECT_EQ(decimal("12"), 12);
  for (const auto* none : {"", ".", "1.2.3", "1e3", "inf", "nan", "-", "x"})
    EXPECT_FALSE(decimal(none)) << none;
}

TEST(Endpoint, OfEverySystem) {
  EXPECT_EQ(end("10.0.0.1:80"), "10.0.0.1:80");
  EXPECT_EQ(end("0.0.0.0:*"), "0.0.0.0:0");
  EXPECT_EQ(end("[2001:db8::1]:443"), "[2001:db8::1]:443");
  EXPECT_EQ(end("2001:db8::1:443"), "[2001:db8::1]:443");  // net-tools
  EXPECT_EQ(end(":::22"), "[::]:22");
  EXPECT_EQ(end(":::*"), "[::]:0");
  EXPECT_EQ(end("::ffff:10.0.0.1:80"), "10.0.0.1:80");
  EXPECT_EQ(end("[::ffff:10.0.0.1]:80"), "10.0.0.1:80");
  EXPECT_EQ(end("127.0.0.1.8080"), "127.0.0.1:8080");  // BSD
  EXPECT_EQ(end("*.80"), "0.0.0.0:80");
  EXPECT_EQ(end("*.80", Family::V6), "[::]:80");
  EXPECT_EQ(end("*.*"), "0.0.0.0:0");
  EXPECT_EQ(end("::1.631"), "[::1]:631");
  EXPECT_EQ(end("*:22"), "0.0.0.0:22");
  EXPECT_EQ(end("*:*", Family::V6), "[::]:0");
  EXPECT_EQ(end(":22"), "0.0.0.0:22");
  EXPECT_EQ(end("*"), "0.0.0.0:0");
}

TEST(Endpoint, ScopesAreDropped) {
  EXPECT_EQ(end("fe80::1%lo0.22"), "[fe80::1]:22");
  EXPECT_EQ(end("[fe80::9c1:2ff%7]:139"), "[fe80::9c1:2ff]:139");
  EXPECT_EQ(end("fe80::1%eth0:22"), "[fe80::1]:22");
  EXPECT_EQ(end("10.0.0.1%eth0:22"), "10.0.0.1:22");
  EXPECT_EQ(end("127.0.0.53%lo:53"), "127.0.0.53:53");
}

TEST(Endpoint, Names) {
  EXPECT_EQ(end("web-1:443"), "web-1:443");
  EXPECT_EQ(end("localhost.localdomain:22"), "localhost.localdomain:22");
  EXPECT_EQ(end("web-1.example.443"), "web-1.example:443");
  // Services that each system knows.
  EXPECT_EQ(end("10.0.0.1:https"), "10.0.0.1:443");
  EXPECT_EQ(end("web-1.ssh"), "web-1:22");
  EXPECT_EQ(end("*:http"), "0.0.0.0:80");
  // One that this system does not know is a part of the name, not port 0.
  EXPECT_EQ(end("web-1:no-such-service"), "web-1:no-such-service");
  EXPECT_TRUE(sheet().end("web-1:no-such-service")->address.is_named());
  // Whoever pastes it may hide it.
  EXPECT_EQ(end("xx.xx.xx.12:443"), "xx.xx.xx.12:443");
  EXPECT_EQ(end("***.***.1.2:443"), "***.***.1.2:443");
}

TEST(Endpoint, WhatWasCutShortIsNoOther) {
  // Of the address only the beginning is there, so it is nobody's.
  for (const auto* word : {"2001:db8:7:1:a:bb:c:443", "fe80::1c2f:aaff:.51021", "2a00:1450:4001:8.443"}) {
    const auto e = sheet().end(word);
    ASSERT_TRUE(e) << word;
    EXPECT_TRUE(e->address.is_named()) << text(*e);
  }
  EXPECT_EQ(text(sheet().cut_end("10.0.0.1.544")), "10.0.0.1.544...");
  // Equal texts are equal ends, so that rows of one socket stay together.
  EXPECT_EQ(sheet().end("fe80::1c2f:aaff:.51021"), sheet().end("fe80::1c2f:aaff:.51021"));
}

TEST(Endpoint, WordsThatAreNone) {
  for (const auto* word :
       {"", ":", ".", "-", "tcp", "CLOSE_WAIT", "812/shop", "(LISTEN)", "10.0.0.1", "1.2.3.4:99999",
        "\"x\":1", "a,b:1", "[::1]", "[::1", "]:1", "[]", "10.0.0.1:", "users:((\"a\",1))", "::"}) {
    const auto e = sheet().end(word);
    EXPECT_EQ(is_end(word), e.has_value()) << word;
    EXPECT_TRUE(!e || e->address.is_named()) << word << " is " << text(*e);
  }
  for (const auto* word : {"", ":", ".", "-", "tcp", "CLOSE_WAIT", "812/shop", "1.2.3.4:99999", "\"x\":1"})
    EXPECT_EQ(end(word), "none") << word;
}

TEST(Endpoint, OfTwoColumns) {
  EXPECT_EQ(end("10.0.0.1", "80"), "10.0.0.1:80");
  EXPECT_EQ(end("::1", "80", Family::V6), "[::1]:80");
  EXPECT_EQ(end("*", "*", Family::V6), "[::]:0");
  EXPECT_EQ(end("0.0.0.0", "0"), "0.0.0.0:0");
  EXPECT_EQ(end("2001:db8:1:2...", "80"), "2001:db8:1:2...:80");
  EXPECT_EQ(end("10.0.0.1", "https"), "10.0.0.1:443");
  EXPECT_EQ(end("10.0.0.1", "65536"), "none");
}

TEST(Endpoint, ServicesAreThoseOfTheFileAndTheWellKnown) {
  const Services services(
      "# comment\n\nshop\t8443/tcp\tstore # 99/tcp\nshop 1/udp\nhttp 8080/tcp\nhttp 8081/tcp\nbent "
      "x/tcp\nno");
  EXPECT_EQ(services.port("shop"), 8443);
  EXPECT_EQ(services.port("store"), 8443);
  EXPECT_EQ(services.port("http"), 8080);  // the file knows better
  EXPECT_EQ(services.port("https"), 443);
  for (const auto* none : {"bent", "no", "#", "99/tcp", "8443/tcp", ""})
    EXPECT_FALSE(services.port(none)) << none;
  EXPECT_FALSE(Services().port("http"));
}

struct Expected {
  const char* word;
  State state;
};

TEST(StateWord, OfEveryDialect) {
  for (const auto state : kAllStates) {
    if (state == State::Closed) continue;
    for (const auto dialect : kAllDialects) {
      const auto word = state_word(name(state, dialect));
      ASSERT_TRUE(word) << name(state, dialect);
      EXPECT_EQ(word->state, state);
      EXPECT_TRUE(word->is_connected);
    }
  }
}

TEST(StateWord, OfWindowsInGerman) {
  constexpr Expected kAll[] = {
      {"ABHÖREN", State::Listen},
      {"HERGESTELLT", State::Established},
      {"WARTEND", State::TimeWait},
      {"FIN_WARTEN_1", State::FinWait1},
      {"FIN_WARTEN_2", State::FinWait2},
      {"SCHLIESSEN_WARTEN", State::CloseWait},
      {"SYN_GESENDET", State::SynSent},
      {"SYN_EMPFANGEN", State::SynReceived},
      {"LETZTES_ACK", State::LastAck},
      {"SCHLIESSEND", State::Closing},
      // What code pages make of the umlaut: CP437/850 as it is, taken for CP1252, for UTF-8; lost.
      {"ABH\x99REN", State::Listen},
      {"ABH\xd6REN", State::Listen},
      {"ABH™REN", State::Listen},
      {"ABH\xef\xbf\xbdREN", State::Listen},
      {"ABH?REN", State::Listen},
      {"ABHREN", State::Listen},
  };
  for (const auto& [word, state] : kAll) {
    const auto found = state_word(word);
    ASSERT_TRUE(found) << word;
    EXPECT_EQ(found->state, state) << word;
  }
}

TEST(StateWord, OfNetToolsInItsLanguages) {
  constexpr Expected kAll[] = {
      {"VERBUNDEN", State::Established},
      {"ESTABELECIDA", State::Established},
      {"SYN_ENVIADO", State::SynSent},
      {"SYN_RECEBIDO", State::SynReceived},
      {"ESPERA_FIN1", State::FinWait1},
      {"ESPERA_FIN2", State::FinWait2},
      {"ESPERANDO_FECHAR", State::CloseWait},
      {"ÚLTIMO_ACK", State::LastAck},
      {"OUÇA", State::Listen},
      {"FECHANDO", State::Closing},
      {"SPOJENO", State::Established},
      {"POSLEDNÍ ACK", State::LastAck},
      {"NASLOUCHÁ", State::Listen},
      {"ZAVÍRÁ", State::Closing},
      {"ETABLERAD", State::Established},
      {"STÄNG_VÄNTA", State::CloseWait},
      {"LYSSNAR", State::Listen},
      {"STÄNGER", State::Closing},
      {"ESTABLERT", State::Established},
      {"ESCOLTA", State::Listen},
      {"TANCAMENT", State::Closing},
  };
  for (const auto& [word, state] : kAll) {
    const auto found = state_word(word);
    ASSERT_TRUE(found) << word;
    EXPECT_EQ(found->state, state) << word;
  }
}

TEST(StateWord, OfSocketsThatAreNotConnected) {
  for (const auto* word : {"Bound", "UNCONN", "IDLE", "Unbound", "CLOSED", "CLOSE", "DELETE_TCB", "DeleteTCB",
                           "FECHAR", "ZAVŘEN"}) {
    const auto found = state_word(word);
    ASSERT_TRUE(found) << word;
    EXPECT_FALSE(found->is_connected) << word;
  }
}

TEST(StateWord, WordsThatAreNone) {
  for (const auto* word : {"", "WAIT", "tcp", "0", "10.0.0.1:80", "CLOSE_WAITING", "STREAM", "CONNECTING",
                           "-", "LIST", "(LISTEN)", "a word that is much too long for a state"}) {
    EXPECT_FALSE(state_word(word)) << word;
  }
}

}  // namespace
}  // namespace whywait::pasted

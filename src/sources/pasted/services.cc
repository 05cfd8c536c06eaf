#include "sources/pasted/services.h"

#include "sources/pasted/words.h"

#include <algorithm>
#include <utility>

namespace whywait::pasted {
namespace {

// The names that IANA has assigned, and others that commands print, of what is met on servers.
constexpr std::pair<std::string_view, uint16_t> kBuiltIn[] = {
    {"echo", 7},
    {"discard", 9},
    {"sink", 9},
    {"null", 9},
    {"daytime", 13},
    {"chargen", 19},
    {"ttytst", 19},
    {"source", 19},
    {"ftp-data", 20},
    {"ftp", 21},
    {"ssh", 22},
    {"telnet", 23},
    {"smtp", 25},
    {"mail", 25},
    {"time", 37},
    {"timserver", 37},
    {"whois", 43},
    {"nicname", 43},
    {"domain", 53},
    {"gopher", 70},
    {"finger", 79},
    {"http", 80},
    {"www", 80},
    {"kerberos", 88},
    {"kerberos5", 88},
    {"krb5", 88},
    {"pop3", 110},
    {"pop-3", 110},
    {"sunrpc", 111},
    {"portmapper", 111},
    {"auth", 113},
    {"authentication", 113},
    {"tap", 113},
    {"ident", 113},
    {"nntp", 119},
    {"readnews", 119},
    {"untp", 119},
    {"epmap", 135},
    {"loc-srv", 135},
    {"netbios-ssn", 139},
    {"imap2", 143},
    {"imap", 143},
    {"snmp", 161},
    {"bgp", 179},
    {"ldap", 389},
    {"svrloc", 427},
    {"https", 443},
    {"microsoft-ds", 445},
    {"kpasswd", 464},
    {"submissions", 465},
    {"ssmtp", 465},
    {"smtps", 465},
    {"urd", 465},
    {"exec", 512},
    {"login", 513},
    {"shell", 514},
    {"cmd", 514},
    {"syslog", 514},
    {"printer", 515},
    {"spooler", 515},
    {"rtsp", 554},
    {"nntps", 563},
    {"snntp", 563},
    {"submission", 587},
    {"ipp", 631},
    {"ldaps", 636},
    {"domain-s", 853},
    {"rsync", 873},
    {"ftps-data", 989},
    {"ftps", 990},
    {"telnets", 992},
    {"imaps", 993},
    {"pop3s", 995},
    {"socks", 1080},
    {"rmiregistry", 1099},
    {"openvpn", 1194},
    {"ms-sql-s", 1433},
    {"ncube-lm", 1521},
    {"radius", 1812},
    {"mqtt", 1883},
    {"nfs", 2049},
    {"eforward", 2181},
    {"etcd-client", 2379},
    {"etcd-server", 2380},
    {"cvspserver", 2401},
    {"iscsi-target", 3260},
    {"mysql", 3306},
    {"ms-wbt-server", 3389},
    {"svn", 3690},
    {"subversion", 3690},
    {"epmd", 4369},
    {"munin", 4949},
    {"lrrd", 4949},
    {"sip", 5060},
    {"sip-tls", 5061},
    {"xmpp-client", 5222},
    {"jabber-client", 5222},
    {"xmpp-server", 5269},
    {"jabber-server", 5269},
    {"postgresql", 5432},
    {"postgres", 5432},
    {"nrpe", 5666},
    {"amqps", 5671},
    {"amqp", 5672},
    {"rfb", 5900},
    {"wsman", 5985},
    {"wsmans", 5986},
    {"x11", 6000},
    {"x11-0", 6000},
    {"redis", 6379},
    {"syslog-tls", 6514},
    {"ircd", 6667},
    {"irdmi", 8000},
    {"http-alt", 8080},
    {"webcache", 8080},
    {"puppet", 8140},
    {"pcsync-https", 8443},
    {"secure-mqtt", 8883},
    {"hp-pdl-datastr", 9100},
    {"wap-wsp", 9200},
    {"git", 9418},
    {"webmin", 10000},
    {"zabbix-agent", 10050},
    {"zabbix-trapper", 10051},
    {"memcache", 11211},
    {"mongodb", 27017},
};

// Removes and returns the part of the text before the first such character.
std::string_view take_until(std::string_view& text, char end) {
  const auto at = text.find(end);
  const auto out = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return out;
}

}  // namespace

Services::Services(std::string_view file) {
  while (!file.empty()) add(take_until(file, '\n'));
  for (const auto& [name, port] : kBuiltIn) ports_.try_emplace(std::string(name), port);
}

// "http   80/tcp   www   # WorldWideWeb HTTP"
void Services::add(std::string_view line) {
  std::string text(take_until(line, '#'));
  std::replace(text.begin(), text.end(), '\t', ' ');
  const Words words(text);
  auto protocol = words[1];
  const auto port = number<uint16_t>(take_until(protocol, '/'));
  if (!port || protocol != "tcp") return;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i != 1) ports_.try_emplace(std::string(words[i]), *port);
  }
}

std::optional<uint16_t> Services::port(std::string_view name) const {
  const auto it = ports_.find(name);
  return it == ports_.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace whywait::pasted

// A file of version 1, as the first whywait that could save wrote it: it stays readable for ever. Never
// changed.
#include "testing/packed.h"
#include "testing/same_facts.h"

#include <gmock/gmock.h>

namespace whywait::saved {
namespace {

// testing::full_facts(), in base64.
constexpr std::string_view kFile =
    "KLUv/WTJHI08AHpMoA0p8GyIHnAIWqiSKGamRqS1WrXI7wkm3PjARUeoPfDHellfGARt4Jny8ELKANkAyQAzx6e0Rkm9Sv5I"
    "rPgx/livvTXbeSN+ydj2rg4BHH1b2/U0YX7ZvrjOtKqxvfOtEKzkKrZrCIjEwkdjrdUai4HY0jhtMQwAk0Zjmp82w3WEFj8F"
    "qfJTlWp7Y0pVU410RjoCwGRpbC3GgVxj6j01s63aG0IEPU7DLI0prOXWco0t2FKapTBtNfjoR2Bu/+pm17nW+zB8mFO7/nir"
    "itv7I9gik5Z2LefLtTra+1kKBLS4Qtp7Kax27c0WcI5QUsgTSiAgknYNqYdE3BEBP0kqjURIq/lwpk89IhHKf5gf/3qmjx/M"
    "UL6M4aQgsUAwgOEtFAwJDDgkGnsOiQIHFIkEAhgWioYGiYYBDQyg/Y8sHBoUz+GBIk8KU3jzX+bM+2mlBJw5wyPGMp74vm2G"
    "N8xhTROtZ3kWwzwOw0DM11rMn8eXL8YX72ZpGsc1mpMkSXIOckjH1moM5tyCXlokGBy8BsWCBAPaH09QmqaK+vJeznthGNdw"
    "jtHeDg0LRSJBu43ZUhKdkipzBbkzUuWsZKVT0o/wHuJf6X6ms1J/23uCsU4ZZtxOaxA4T/pyNbaaa2eQ/PBlTVp+BEMl1wed"
    "GE+qI1abzKm9ucZvF3Md4ehPqFdqbwe8TyfMtMb5cB8rwEmVAHCBTsfCxdUCndOTFFJUANiuGVvKeiLW7rrGkTjzy3f9hbad"
    "tTPyl9bo+5Bc2xkkM62Yt8birKoK5M0XpND5OPPocZw51HhjnPnzSMm+nDhXtT16Gd8ptTeuf3JACf/SKkMec5Lwg877JBDL"
    "qeaH3057X04V0jTNF/PIIccbb87eUa/FnyEkVdIpkf+QAQAmEOQaN2etPM5PaBUJk1atyfNKaL7QNloDNxoR4ywQ8zCsMbw1"
    "GM4iX940bdH5PuM5+cMQgiUQ9x/elybAtEbkbFmN/f0swfYbqXVSJK3xMVtYVCl1NgYpjD2QPiZ2pgmJStRAjJztzwId11Kq"
    "9qeDqhPaGxbhXdbWhd3Wsv0Yof2fcDtr3JfFfPI87quvIrzJZNqHZ3vzPE9zGGuiaOG/UkIJnyupfVGc6wintLrtrLLx0X+Y"
    "D/oovO2S+iKxTtOUnlIIiW+C8VGfcYG8qNGpUWZGREaSkqQwHEEECAJRUELp3AESQOMsx4IUiBBhhBhCCJFARiQgERGRqJI8"
    "0wXWAiEKbuYyoWtZrPY7cq4UEpd8h/7EpTL0CYrPfoGJJQDMyRiE/f4ROrjHZNuHqL/o4LPVdaCCRGZZjuwFHwxKgW+Izs/K"
    "Oo8UnIrTDrQZEWvY4f32PHRy5QD0wkSFeSVOqOuUe5CnlIkEoSug4TkM5pfYVwZOhFUhOppCps+NMDatbgYIVY7GoZsPJyyh"
    "azenYA2zkMVHkwDIVsxWwp5hOK3xZPsZKpTTxMOX6xIs7uTZqOr7Sqsly/pOUm6/xgTPsCIEG7V8+4j8oYCaDc2UN9C6rHK3"
    "Dwb6j8k9I3ILhgIX1ecdWG9Z3bNAaJW2ZBfAEqVlL5N9NNTtq54YOLwBjkxVUCudpuhvImsWjThO5cuCSMH2LUPYhlCQ3hih"
    "iM+7Y44eFQK190yjhpoV4XYz2G2tFWiJNHhTW06xQ8FqgQVGYKuwy9LWopm69U2VBfyy0aI1aOfzljQESet57b4vrTvqKja0"
    "UFiECXxN9EpHsnFp231fupJh+uSmyIrR3lizi4oT+4PUDltZtwdaxwBfn0IAJLgGAJOTh1UdVqbMILwR5Cnp/pXE4K1qdQGU"
    "OkLNV2rO/a/J+y56oW7u1Hfcs67V3ItdcS+0FT0lOZUstLlOixOtO7bVj5WdWC0aWfr3JnW/dHH5jxYKjoMWR+uhhbZE6C1F"
    "IiPeidtUbxncYzYLVn+HDafgd7237YskP5cWwRUT/NL672IZPHnz03cXpXXIZTWQMCslfLBAxEH0SY49q9SFDFXCxW3kcfu/"
    "ajh4aYrzQUYAfzR0sS+PfjsOao7er0X0ZEx+E+w839vNG8j5R3gOw+IRGUBKF7+M7QOxd36h6gp7xOx5nG3BGtBAXwYfkJub"
    "CbiNpPT4+HbVXvREA8GqZzTcqMMSqITxpl0oci9zawq0mSG3KKrGIFrcYyjNo66J/+7umt+t9lQRBDWWEdsHrk0OoW8JnCPc"
    "bgt5PpO85YxiyU6W1IyHhM94+WmHJ6ETC1iIjP06YJUKhlXkiRzbGNx7jUmsYZFwvXhREySA3K8spQFPjgAI9L22GFfItz6V"
    "BWqLiQJYpyBACJMqDQq/9we0sk5AEmjmsu4RfTxhnTPrUFDUlsYcDgQpOviWFAiWcHHePSZUl5WynqAPBQHcsDzh9ZxaSyLY"
    "wZcHg6bNSChAPl9fKPT0DZp6qOoz+kVRy8ITtZ0xehBVot9u97gnj+bWlHvM8wWbhXdomqe6oCABq/ISylabWHtsTMrdDUKt"
    "hSQyI6aKHNGSVK/CvPDoJEhdIzaE9w7BkgOyf+ew+a8hXn/sqSNI28CovcnPQwRcb/4jBpfSgGdZj+yFQr83qyxFSnOq0L6n"
    "QsIfs8vacA==";

std::string decoded(std::string_view base64) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : base64) {
    if (c == '=') break;
    bits = bits << 6U | static_cast<uint32_t>(kDigits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xffU);
  }
  return out;
}

TEST(Version1, IsRead) {
  const auto facts = testing::read_bytes(decoded(kFile));
  ASSERT_TRUE(facts) << facts.error();
  EXPECT_EQ(facts->source, "saved");
  // A field that came to full_facts() later is not in the file: take it away there before this.
  EXPECT_EQ(testing::difference(testing::full_facts(), *facts), "");
}

}  // namespace
}  // namespace whywait::saved

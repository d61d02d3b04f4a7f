// Our reading of YAML: what we accept, and which line we blame for what we do not.
#include "server/yaml.hpp"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/case_name.hpp"
#include "tests/support/text_places.hpp"

namespace kurabe::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Kind = YamlNode::Kind;

std::vector<YamlNode> documents_of(std::string_view text) {
    auto documents = parse_yaml(text, "f.yml");
    EXPECT_TRUE(documents.has_value()) << documents.error().message;
    return documents.value_or(std::vector<YamlNode>{});
}

std::string error_of(std::string_view text) {
    const auto documents = parse_yaml(text, "f.yml");
    return documents ? "no error" : tests::without_columns(documents.error().message);
}

TEST(Yaml, KeepsOrderKindsAndLines) {
    const auto documents = documents_of("---\nz: 1\na:\n- x\n- { k: v }\nempty:\n---\n- 2\n");
    ASSERT_EQ(documents.size(), 2U);
    const YamlNode& first = documents[0];
    ASSERT_TRUE(first.is(Kind::kMapping));
    ASSERT_EQ(first.entries.size(), 3U);
    EXPECT_EQ(first.entries[0].key, "z");
    EXPECT_EQ(first.entries[0].value.text, "1");
    EXPECT_EQ(first.entries[0].value.place.line, 2);
    EXPECT_EQ(first.entries[1].value.items[0].place.line, 4);
    EXPECT_EQ(first.find("a")->items[1].find("k")->place.line, 5);
    EXPECT_TRUE(first.find("empty")->is(Kind::kNull));
    EXPECT_EQ(first.find("empty")->place.line, 6) << "an empty value stands where its key does";
    EXPECT_EQ(documents[1].place.line, 8);
    EXPECT_EQ(documents[1].message("no"), "f.yml:8:1: no");
}

TEST(Yaml, PassesOverEmptyDocuments) {
    EXPECT_EQ(documents_of("").size(), 0U);
    EXPECT_EQ(documents_of("# only a comment\n").size(), 0U);
    EXPECT_EQ(documents_of("a: 1\n---\n").size(), 1U);
    EXPECT_EQ(documents_of("---\n---\na: 1\n---\n# nothing\n---\nb: 1\n...\n").size(), 2U);
}

TEST(Yaml, ReadsByteOrderMarkAndCarriageReturns) {
    const auto documents = documents_of(
        "\xEF\xBB\xBF"
        "a: 1\r\nb: 比べ\r\n");
    ASSERT_EQ(documents.size(), 1U);
    EXPECT_EQ(documents[0].find("a")->text, "1");
    EXPECT_EQ(documents[0].find("b")->text, "比べ");
    EXPECT_EQ(documents[0].find("b")->place.line, 2);
}

TEST(Yaml, KeepsBlockTextToItsLastByte) {
    EXPECT_EQ(documents_of("a: |+\n  x  \n  y\n\n")[0].find("a")->text, "x  \ny\n\n");
    EXPECT_EQ(documents_of("a: |\n  x\n  y")[0].find("a")->text, "x\ny\n");
}

TEST(Yaml, CopiesAliases) {
    const auto documents = documents_of("a: &x [ 1, 2 ]\nb: *x\n");
    ASSERT_EQ(documents.size(), 1U);
    ASSERT_EQ(documents[0].find("b")->items.size(), 2U);
    EXPECT_EQ(documents[0].find("b")->place.line, 2);
}

struct Malformed {
    std::string_view text;
    std::string_view begins;

    friend void PrintTo(const Malformed& given, std::ostream* output) {
        print_case_name(*output, given.text, given.begins);
    }
};

class YamlMalformed : public testing::TestWithParam<Malformed> {};

TEST_P(YamlMalformed, IsRefusedWithItsLine) {
    EXPECT_THAT(error_of(GetParam().text), StartsWith(GetParam().begins));
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, YamlMalformed,
    testing::Values(
        Malformed{"a: 1\nb: 2\na: 3\n", "f.yml:3: duplicate key 'a'"},
        Malformed{"x:\n  a: 1\n  \"a\": 3\n", "f.yml:3: duplicate key 'a'"},
        Malformed{"a: 1\nb: \"open\n", "f.yml:2: a quoted text that begins in this line or below"},
        Malformed{"a: 1\nb: 'open", "f.yml:2: a quoted text"},
        Malformed{"a: \"open\n---\nb: 1\n", "f.yml:1: a quoted text"},
        Malformed{"a: 1\nb: [ 1, 2\n", "f.yml:3: not YAML: "},
        Malformed{"a: 1\n\tb: 2\n", "f.yml:2: not YAML: "},
        Malformed{"a: 1\n c: 2\n", "f.yml:2: not YAML: "},
        Malformed{"a: 1\nb: *nobody\n", "f.yml:2: not YAML: "},
        Malformed{"a: &x [ *x ]\n", "f.yml:1: an alias stands inside of what it names"},
        Malformed{"a: 1\n? [ b ]\n: 2\n", "f.yml:2: a key must be text, not a list"},
        Malformed{"a: 1\n~: 2\n", "f.yml:2: a key must be text, not nothing"},
        Malformed{"a: 1\nb: \xff\n", "f.yml:2: not UTF-8"},
        Malformed{"a: 1\nb: \x1b[31m\n", "f.yml:2: a control byte (0x1b)"},
        Malformed{"a: 1\nb: \"\\e[31m\"\n", "f.yml:2: text holds a control byte"},
        Malformed{"a: 1\n---\n, b\n", "f.yml:3: not YAML: a document cannot begin like this"},
        Malformed{"%YAML 2.0\n---\na: 1\n", "f.yml:1: not YAML: "}));

TEST(Yaml, RefusesUtf16AndNul) {
    EXPECT_THAT(error_of(std::string_view("a\0:\0", 4)), StartsWith("f.yml:1: a control byte"));
    EXPECT_THAT(error_of("\xff\xfe"
                         "a"),
                StartsWith("f.yml:1: not UTF-8"));
}

TEST(Yaml, RefusesAnAliasBomb) {
    std::string bomb = "a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n";
    for (int level = 1; level < 12; ++level) {
        bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
        for (int item = 0; item < 10; ++item) {
            bomb += (item == 0 ? " *a" : ", *a") + std::to_string(level - 1);
        }
        bomb += " ]\n";
    }
    EXPECT_THAT(error_of(bomb), HasSubstr("more than 500000 nodes, the limit"));
}

TEST(Yaml, RefusesDeepNesting) {
    for (const std::string_view opening : {"[", "{a: ", "- ", "? "}) {
        std::string deep;
        for (int level = 0; level < 20000; ++level) deep += opening;
        EXPECT_THAT(error_of(deep), StartsWith("f.yml:1: ")) << opening;
    }
    EXPECT_THAT(error_of(std::string(65, '[') + std::string(65, ']')),
                HasSubstr("nested deeper than 64, the limit"));
    EXPECT_EQ(documents_of(std::string(64, '[') + std::string(64, ']')).size(), 1U);
}

TEST(Yaml, RefusesTooManyNodes) {
    std::string many = "- x\n";
    while (many.size() < (4U << 20)) many += many;
    EXPECT_THAT(error_of(many), HasSubstr("more than 500000 nodes"));
}

TEST(Yaml, AnyBytesGiveATreeOrOneMessage) {
    constexpr std::uint32_t kSeed = 20260102;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    constexpr std::string_view kAlphabet = "ab:-?[]{},&*!|>'\"%@#~ \n\n  0.\\\t<";
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (std::size_t length = random() % 60; length > 0; --length) {
            text += kAlphabet[random() % kAlphabet.size()];
        }
        const auto documents = parse_yaml(text, "f.yml");
        if (documents) continue;
        EXPECT_THAT(documents.error().message, StartsWith("f.yml:")) << text;
        EXPECT_EQ(documents.error().message.find('\n'), std::string::npos) << text;
    }
}

YamlMapping mapping_of(const std::vector<YamlNode>& documents) {
    return YamlMapping::of(documents.at(0), "document 1").value();
}

TEST(YamlMapping, ReadsTypedValues) {
    const auto documents = documents_of("t: x\nn: 010\nl: [ a ]\nm: { k: v }\ne:\n");
    YamlMapping mapping = mapping_of(documents);
    EXPECT_EQ(mapping.text("t").value(), "x");
    EXPECT_EQ(mapping.text("e").value(), std::nullopt);
    EXPECT_EQ(mapping.text("absent").value(), std::nullopt);
    EXPECT_EQ(mapping.required_text("t", "").value(), "x");
    EXPECT_EQ(mapping.positive_integer("n").value(), 10) << "decimal, never octal";
    EXPECT_EQ(mapping.sequence("l").value()->size(), 1U);
    EXPECT_EQ(mapping.sequence("absent").value()->size(), 0U);
    EXPECT_EQ(mapping.mapping("m").value()->find("k")->text, "v");
    EXPECT_EQ(mapping.mapping("e").value(), nullptr);
}

TEST(YamlMapping, NamesTheKeyAndWhatWouldBeRight) {
    const auto documents = documents_of("a: 1\nt: [ x ]\nn: 1.5\nz: 0\nl: a\nm: a\ne:\n");
    YamlMapping mapping = mapping_of(documents);
    EXPECT_EQ(tests::without_columns(mapping.text("t").error().message),
              "f.yml:2: 't' must be text, not a list");
    EXPECT_EQ(tests::without_columns(mapping.positive_integer("n").error().message),
              "f.yml:3: 'n' must be a whole number above 0, not '1.5'");
    EXPECT_EQ(tests::without_columns(mapping.positive_integer("z").error().message),
              "f.yml:4: 'z' must be a whole number above 0, not '0'");
    EXPECT_EQ(tests::without_columns(mapping.sequence("l").error().message),
              "f.yml:5: 'l' must be a list (- item), not text");
    EXPECT_EQ(tests::without_columns(mapping.mapping("m").error().message),
              "f.yml:6: 'm' must be a mapping (key: value), not text");
    EXPECT_EQ(tests::without_columns(mapping.required_text("e", "give it").error().message),
              "f.yml:7: missing 'e' in document 1; give it");
    EXPECT_EQ(tests::without_columns(mapping.required_text("absent", "give it").error().message),
              "f.yml:1: missing 'absent' in document 1; give it");
}

TEST(YamlMapping, ListsKeysThatNobodyAskedFor) {
    const auto documents = documents_of("a: 1\nb: 2\nc: 3\n");
    YamlMapping mapping = mapping_of(documents);
    EXPECT_NE(mapping.find("b"), nullptr);
    EXPECT_THAT(mapping.unknown_keys(), ElementsAre("f.yml:1:4: unknown key 'a' in document 1",
                                                    "f.yml:3:4: unknown key 'c' in document 1"));
}

}  // namespace
}  // namespace kurabe::server

// Elements out of XML, whatever its pieces are; limits; nothing from outside of it.
#include "store/xml_reader.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

using testing::HasSubstr;

// Writes down what it is given: "(a(b 'text')b ...".
class Notes : public XmlHandler {
  public:
    Result<void> begin_element(std::string_view name) override {
        if (name == "refused") return fail(ErrorCode::kInvalid, "no");
        text_ += "(" + std::string(name);
        return {};
    }
    Result<void> end_element(std::string_view text) override {
        if (!text.empty()) text_ += " '" + std::string(text) + "'";
        text_ += ")";
        return {};
    }
    std::string text_;
};

Result<std::string> read(std::string_view document, std::size_t part_bytes = 1000) {
    Notes notes;
    XmlReader reader(notes);
    for (std::size_t at = 0; at < document.size(); at += part_bytes) {
        if (auto fed = reader.feed(document.substr(at, part_bytes)); !fed) {
            return std::unexpected(fed.error());
        }
    }
    if (auto finished = reader.finish(); !finished) return std::unexpected(finished.error());
    return notes.text_;
}

std::string complaint(std::string_view document) {
    const auto notes = read(document);
    EXPECT_FALSE(notes) << document;
    return notes ? "" : notes.error().message;
}

TEST(XmlReader, TakesADocumentInAnyPieces) {
    const std::string document =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE a SYSTEM \"http://nowhere/a.dtd\">\n"
        "<a x=\"1\">\n<!-- <b> --><b> one\ntwo </b><c/><d>&lt;&amp;&#65;<![CDATA[<]]></d></a>\n";
    const std::string expected = "(a(b 'one\ntwo')(c)(d '<&A<'))";
    for (const std::size_t part : {1UL, 2UL, 7UL, 1000UL}) {
        const auto notes = read(document, part);
        ASSERT_TRUE(notes) << notes.error().message;
        EXPECT_EQ(*notes, expected) << part;
    }
}

TEST(XmlReader, SaysWhere) {
    EXPECT_THAT(complaint("<a>\n<b>\n</a>"), HasSubstr("mismatched tag"));
    EXPECT_THAT(complaint("<a>\n<b>\n</a>"), HasSubstr("3"));
    EXPECT_THAT(complaint("<a>\n\n<refused/>"), HasSubstr("3"));
    EXPECT_THAT(complaint(""), HasSubstr("no element found"));
    EXPECT_THAT(complaint("<a>"), HasSubstr("no element found"));
    EXPECT_THAT(complaint("<a/><b/>"), HasSubstr("junk after document element"));
    EXPECT_THAT(complaint("text"), HasSubstr("syntax error"));
}

TEST(XmlReader, DepthIsLimited) {
    const auto nested = [](std::size_t depth) {
        std::string document;
        for (std::size_t i = 0; i < depth; ++i) document += "<a>";
        for (std::size_t i = 0; i < depth; ++i) document += "</a>";
        return document;
    };
    EXPECT_TRUE(read(nested(kXmlDepthMax)));
    const auto deeper = read(nested(kXmlDepthMax + 1));
    ASSERT_FALSE(deeper);
    EXPECT_EQ(deeper.error().code, ErrorCode::kLimit);
}

TEST(XmlReader, TextIsLimited) {
    const auto with_text = [](std::size_t bytes) {
        return "<a><b>" + std::string(bytes, 'x') + "</b></a>";
    };
    EXPECT_TRUE(read(with_text(kXmlTextBytesMax), 100));
    const auto longer = read(with_text(kXmlTextBytesMax + 1), 100);
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().code, ErrorCode::kLimit);
}

// Neither a document that grows without bound nor one that reads other files.
TEST(XmlReader, EntitiesAreRefused) {
    EXPECT_FALSE(read("<!DOCTYPE a [<!ENTITY x \"xxxx\">]><a>&x;</a>"));
    EXPECT_FALSE(read("<!DOCTYPE a [<!ENTITY x SYSTEM \"/etc/passwd\">]><a>&x;</a>"));
    EXPECT_FALSE(read("<a>&x;</a>"));
    EXPECT_FALSE(read(
        "<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\"><!ENTITY z \"&y;&y;\">]><a>&z;</a>"));
}

}  // namespace
}  // namespace kurabe::store

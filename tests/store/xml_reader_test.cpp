// Elements out of XML, whatever its pieces are; limits; nothing from outside of it.
#include "store/xml_reader.hpp"

#include <new>
#include <string>
#include <vector>

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

// What has no end is read again with every part.
TEST(XmlReader, TagsCommentsAndInstructionsAreLimited) {
    const auto with_bytes = [](std::size_t bytes) {
        const std::string filling(bytes, ' ');
        return std::vector<std::string>{"<a><!--" + filling + "--></a>",
                                        "<a><?p " + filling + "?></a>",
                                        "<a b=\"" + filling + "\"></a>", "<a" + filling + "></a>"};
    };
    for (const std::string& document : with_bytes(kXmlPieceBytesMax / 2)) {
        EXPECT_TRUE(read(document, 16'000));
    }
    for (const std::string& document : with_bytes(kXmlPieceBytesMax + 200'000)) {
        for (const std::size_t part : {16'000UL, document.size()}) {
            const auto notes = read(document, part);
            ASSERT_FALSE(notes) << document.substr(0, 10);
            EXPECT_EQ(notes.error().code, ErrorCode::kLimit);
            EXPECT_THAT(notes.error().message, HasSubstr("1048576 bytes"));
        }
    }
}

// They may be as many as there are.
TEST(XmlReader, ManyCommentsHaveNoLimit) {
    std::string document = "<a>";
    while (document.size() < 2 * kXmlPieceBytesMax) document += "<!-- x --><?p x?>";
    EXPECT_TRUE(read(document + "</a>", 1000));
    EXPECT_TRUE(read(std::string(2 * kXmlPieceBytesMax, '\n') + "<a/>", 1000));
}

// An exception may not pass through expat.
TEST(XmlReader, ALackOfMemoryIsAnError) {
    class Exhausted : public XmlHandler {
        Result<void> begin_element(std::string_view) override { throw std::bad_alloc(); }
        Result<void> end_element(std::string_view) override { return {}; }
    };
    Exhausted handler;
    XmlReader reader(handler);
    const auto fed = reader.feed("<a/>");
    ASSERT_FALSE(fed);
    EXPECT_EQ(fed.error().code, ErrorCode::kLimit);
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

// XML as a stream of elements: the one wrapper of expat. Nothing outside the document is ever read,
// no entity is declared by it, and depth, texts, tags and comments are bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::store {

inline constexpr std::size_t kXmlDepthMax = 32;
inline constexpr std::size_t kXmlTextBytesMax = 4096;
// Of one tag with its attributes, comment or processing instruction.
inline constexpr std::size_t kXmlPieceBytesMax = std::size_t{1} << 20;

// Receives elements. An error that it returns ends the reading and is given to the caller with
// the line in front.
class XmlHandler {
  public:
    XmlHandler() = default;
    virtual ~XmlHandler() = default;
    XmlHandler(const XmlHandler&) = delete;
    XmlHandler& operator=(const XmlHandler&) = delete;

    // An element begins; attributes and comments are passed over.
    [[nodiscard]] virtual Result<void> begin_element(std::string_view name) = 0;
    // It ends. `text` is what stands between its tags without blanks around it; an element that
    // holds others has none.
    [[nodiscard]] virtual Result<void> end_element(std::string_view text) = 0;
};

class XmlReader {
  public:
    // `handler` outlives the reader.
    explicit XmlReader(XmlHandler& handler);
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;
    ~XmlReader();

    // More of the document. kInvalid ("error reading/parsing XML: ...") for what is no XML, kLimit,
    // also without memory, or what the handler returned. After an error the reader is of no use.
    // Few large parts take less time than many small ones.
    [[nodiscard]] Result<void> feed(std::string_view bytes);
    // The document is over.
    [[nodiscard]] Result<void> finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kurabe::store

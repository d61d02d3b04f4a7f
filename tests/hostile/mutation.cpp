// Changes of bytes and words, cuts and fillings.
#include "tests/hostile/mutation.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace kurabe::tests {
namespace {

std::size_t index_below(std::mt19937_64& random, std::size_t limit) {
    return limit == 0 ? 0 : random() % limit;
}

std::uint64_t awkward_word(std::mt19937_64& random) {
    using Limits = std::numeric_limits<double>;
    switch (index_below(random, 9)) {
        case 0:
            return index_below(random, 4);
        case 1:
            return std::uint64_t{1} << index_below(random, 64);
        case 2:
            return (std::uint64_t{1} << index_below(random, 64)) - 1;
        case 3:
            return ~std::uint64_t{0} - index_below(random, 1000);
        case 4:
            return std::bit_cast<std::uint64_t>(Limits::infinity());
        case 5:
            return std::bit_cast<std::uint64_t>(-Limits::max());
        case 6:
            return std::bit_cast<std::uint64_t>(Limits::quiet_NaN());
        case 7:
            return index_below(random, 100'000);
        default:
            return random();
    }
}

void change_word(std::string& file, std::size_t header_bytes, std::mt19937_64& random) {
    const std::size_t offset = index_below(random, header_bytes / 8) * 8;
    const std::uint64_t word = awkward_word(random);
    if (offset + sizeof word <= file.size()) std::memcpy(&file[offset], &word, sizeof word);
}

void change_byte(std::string& file, std::size_t header_bytes, std::mt19937_64& random) {
    const std::size_t offset = index_below(random, std::min(header_bytes, file.size()));
    if (offset < file.size()) file[offset] = static_cast<char>(random());
}

// Another record's text, or text without an end.
void change_text(std::string& file, std::size_t header_bytes, std::mt19937_64& random) {
    static constexpr const char* kTexts[] = {"COMPUTE", "COUNTER",  "HWPREDICT", "SEASONAL",
                                             "LAST",    "FAILURES", "DCOUNTER",  "DEVPREDICT",
                                             "GAUGE",   "%s%s%n",   "\xff\xfe",  "0001"};
    const char* const text = kTexts[index_below(random, std::size(kTexts))];
    const std::size_t offset = index_below(random, header_bytes / 4) * 4;
    const std::size_t size = std::strlen(text) + index_below(random, 2);
    if (offset + size <= file.size()) std::memcpy(&file[offset], text, size);
}

void change_length(std::string& file, std::mt19937_64& random) {
    const std::size_t size = file.size();
    file.resize(index_below(random, size + 1));
    if (index_below(random, 2) == 0) file.resize(size, index_below(random, 2) == 0 ? '\0' : 'x');
}

// Where a random tag begins, or the end of the text.
std::size_t any_tag(const std::string& text, std::mt19937_64& random) {
    return std::min(text.find('<', index_below(random, text.size())), text.size());
}

// What stands between the tags, or the name of an element.
void change_xml_text(std::string& text, std::mt19937_64& random) {
    static constexpr const char* kTexts[] = {"",
                                             "-1",
                                             "0",
                                             "1e309",
                                             "nan(x)",
                                             "4294967296",
                                             "18446744073709551615",
                                             "99999999999999999999",
                                             "&x;",
                                             "&#0;",
                                             "&#x110000;",
                                             "<![CDATA[1]]>",
                                             "]]>",
                                             "<!-- ",
                                             "COMPUTE",
                                             "a,0,/",
                                             "SEASONAL",
                                             "FAILURES",
                                             "\xff\xfe",
                                             "%s%n",
                                             "0005"};
    const std::size_t begin =
        std::min(text.find('>', index_below(random, text.size())), text.size());
    const std::size_t end = std::min(text.find('<', begin), text.size());
    const std::size_t from = std::min(begin + 1, end);
    text.replace(from, end - from, kTexts[index_below(random, std::size(kTexts))]);
}

void change_xml_elements(std::string& text, std::mt19937_64& random) {
    static constexpr const char* kTags[] = {"<rrd>", "</rrd>",     "<ds>",       "<rra>", "<row>",
                                            "<v>",   "<database>", "<cdp_prep>", "<x/>",  "<cf>"};
    const std::size_t place = any_tag(text, random);
    const std::size_t end = std::max(place, any_tag(text, random));
    switch (index_below(random, 4)) {
        case 0:
            text.erase(place, end - place);
            break;
        case 1:
            text.insert(place, text.substr(place, end - place));
            break;
        case 2:
            text.insert(end, text.substr(place, std::min<std::size_t>(end - place, 1000)));
            break;
        default:
            text.insert(place, kTags[index_below(random, std::size(kTags))]);
    }
}

}  // namespace

std::string mutated(const std::string& file, std::size_t header_bytes, std::mt19937_64& random) {
    std::string changed = file;
    for (std::size_t changes = 1 + index_below(random, 4); changes > 0; --changes) {
        switch (index_below(random, 10)) {
            case 0:
                change_length(changed, random);
                break;
            case 1:
            case 2:
                change_text(changed, header_bytes, random);
                break;
            case 3:
            case 4:
                change_byte(changed, header_bytes, random);
                break;
            default:
                change_word(changed, header_bytes, random);
        }
    }
    return changed;
}

std::string mutated_xml(const std::string& text, std::mt19937_64& random) {
    std::string changed = text;
    for (std::size_t changes = 1 + index_below(random, 4); changes > 0; --changes) {
        switch (index_below(random, 6)) {
            case 0:
                change_byte(changed, changed.size(), random);
                break;
            case 1:
            case 2:
                change_xml_elements(changed, random);
                break;
            default:
                change_xml_text(changed, random);
        }
    }
    return changed;
}

}  // namespace kurabe::tests

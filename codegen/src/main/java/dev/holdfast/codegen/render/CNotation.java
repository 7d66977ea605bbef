// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import dev.holdfast.codegen.schema.Constant;
import dev.holdfast.codegen.schema.Endian;
import dev.holdfast.codegen.schema.Field;
import dev.holdfast.codegen.schema.FieldType;
import dev.holdfast.codegen.schema.Names;
import dev.holdfast.codegen.schema.ScalarType;
import dev.holdfast.codegen.schema.Struct;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The schema in the words of C; {@code c} in the templates. */
public final class CNotation {
    private static final int COLUMNS = 80;
    private static final Pattern SENTENCE_END = Pattern.compile("[.](?=\\s)");
    private static final String CONTINUATION = "  ";

    CNotation() {}

    /** Name of a macro or of an enumerator: {@code block_size} to {@code HOLDFAST_BLOCK_SIZE}. */
    public String macro(String name) {
        return "HOLDFAST_" + Names.upper(name);
    }

    /** Name of a type: {@code extent} to {@code holdfast_extent}. */
    public String type(String name) {
        return "holdfast_" + name;
    }

    /** A constant as a literal of its type. */
    public String literal(Constant constant) {
        return literal(constant.type(), constant.value(), constant.hexadecimal());
    }

    /** Flag bits as a literal of their type. */
    public String mask(ScalarType type, BigInteger bits) {
        return literal(type, bits, true);
    }

    private static String literal(ScalarType type, BigInteger value, boolean hexadecimal) {
        String digits = hexadecimal ? "0x" + value.toString(16) : value.toString();
        String unsigned = type.signed() ? "" : "U";
        return digits + unsigned + (type.size() == Long.BYTES ? "LL" : "");
    }

    /** A number in hexadecimal, without a prefix. */
    public String hex(int number) {
        return Integer.toHexString(number);
    }

    /** A field of a struct as C declares it, without the semicolon. */
    public String declaration(Struct struct, Field field) {
        String name = " " + field.name();
        FieldType type = field.type();
        if (type instanceof FieldType.Scalar scalar) {
            return integer(struct.endian(), scalar.type()) + name;
        }
        if (type instanceof FieldType.Bytes bytes) {
            return integer(struct.endian(), ScalarType.U8) + name + "[" + bytes.length() + "]";
        }
        if (type instanceof FieldType.Text text) {
            return "char" + name + "[" + text.length() + "]";
        }
        if (type instanceof FieldType.Structs structs) {
            return "struct " + type(structs.struct().name()) + name + "[" + structs.count() + "]";
        }
        throw new IllegalArgumentException("no C for " + type);
    }

    private static String integer(Endian endian, ScalarType type) {
        if (endian == Endian.NATIVE) {
            return "__" + type.schemaName();
        }
        return type.size() == 1 ? type.schemaName() : "__le" + type.bits();
    }

    /** Text as lines of a comment, each of which is to be written after {@code " * "}. */
    public List<String> comment(String text) {
        return Prose.wrap(text, COLUMNS - " * ".length());
    }

    /** Text as lines of a comment, of which those after the first are indented. */
    public List<String> item(String text) {
        List<String> lines = Prose.wrap(text, COLUMNS - " * ".length() - CONTINUATION.length());
        return IntStream.range(0, lines.size())
                .mapToObj(at -> at == 0 ? lines.get(at) : CONTINUATION + lines.get(at))
                .toList();
    }

    /** The first sentence of a text. */
    public String summary(String text) {
        return text.substring(0, endOfSummary(text)).strip();
    }

    /** What follows the first sentence of a text; empty if nothing does. */
    public String details(String text) {
        return text.substring(endOfSummary(text)).strip();
    }

    private static int endOfSummary(String text) {
        Matcher end = SENTENCE_END.matcher(text);
        return end.find() ? end.start() + 1 : text.length();
    }
}

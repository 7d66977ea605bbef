// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value of a YAML file that knows where it stands. */
final class YamlValue {
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+");

    private final String file;
    private final Node node;

    YamlValue(String file, Node node) {
        this.file = file;
        this.node = node;
    }

    /** The one document of a file. */
    static YamlValue parse(String file, String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        Optional<Node> root;
        try {
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            throw new SchemaException(
                    file, e.getProblemMark().map(Mark::getLine).orElse(0) + 1, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new SchemaException(file, 1, "not YAML: " + firstLine(String.valueOf(e.getMessage())));
        }
        return new YamlValue(
                file, root.orElseThrow(() -> new SchemaException(file, 1, "the file is empty; it must hold a unit")));
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }

    String file() {
        return file;
    }

    int line() {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    SchemaException refuse(String message) {
        return new SchemaException(file, line(), message);
    }

    /** This value as a mapping with no keys but {@code keys}. */
    YamlMap map(String what, String... keys) {
        if (!(node instanceof MappingNode mapping)) {
            throw refuse(what + " must be a mapping with the keys " + String.join(", ", keys));
        }
        return new YamlMap(this, mapping, what, List.of(keys));
    }

    List<YamlValue> list() {
        if (!(node instanceof SequenceNode sequence)) {
            throw refuse("expected a list");
        }
        return sequence.getValue().stream()
                .map(item -> new YamlValue(file, item))
                .toList();
    }

    String text() {
        String text = node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)
                ? scalar.getValue().strip()
                : "";
        if (text.isEmpty()) {
            throw refuse("expected text");
        }
        return text;
    }

    BigInteger integer() {
        String text = integerText();
        return text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    }

    boolean isHexadecimal() {
        return integerText().startsWith("0x");
    }

    /** This value as an integer from {@code min} to {@code max}. */
    int integer(int min, int max) {
        BigInteger value = integer();
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            throw refuse(value + " is not from " + min + " to " + max);
        }
        return value.intValue();
    }

    private String integerText() {
        if (node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && INTEGER.matcher(scalar.getValue()).matches()) {
            return scalar.getValue();
        }
        throw refuse("expected an integer, decimal or 0x hexadecimal");
    }
}

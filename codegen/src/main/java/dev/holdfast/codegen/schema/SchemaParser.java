// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.files.Sha256;
import dev.holdfast.codegen.files.TextTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the schema and refuses what is wrong with it. */
public final class SchemaParser {
    private static final String SUFFIX = ".yaml";

    private SchemaParser() {}

    /** The schema that this program was built with. */
    public static Schema packed() throws IOException {
        return parse(TextTree.ofResources("abi"), "abi/");
    }

    /**
     * The schema in the {@code *.yaml} files of a folder.
     *
     * @throws SchemaException if it is wrong
     */
    public static Schema read(Path folder) throws IOException {
        return parse(TextTree.ofFolder(folder, 1, SUFFIX), folder + "/");
    }

    /**
     * The schema in the {@code *.yaml} files of a tree.
     *
     * @param prefix what to say before the files' names in messages
     * @throws SchemaException if it is wrong
     */
    public static Schema parse(TextTree tree, String prefix) {
        SortedMap<String, String> files = new TreeMap<>(tree.files());
        files.keySet().removeIf(name -> !name.endsWith(SUFFIX));
        if (files.isEmpty()) {
            throw new CodegenException("the schema " + prefix + " has no *" + SUFFIX + " file");
        }
        Scope scope = new Scope();
        List<Unit> units = new ArrayList<>();
        files.forEach((name, text) -> units.add(new UnitParser(scope).parse(YamlValue.parse(prefix + name, text))));
        return new Schema(units, Sha256.of(files));
    }
}

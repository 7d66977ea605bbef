// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import dev.holdfast.codegen.files.TextTree;
import freemarker.cache.TemplateLoader;
import java.io.Reader;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/** Templates out of a tree of text files, with marks at the ends of their lines. */
final class TreeLoader implements TemplateLoader {
    private final TextTree tree;

    TreeLoader(TextTree tree) {
        this.tree = tree;
    }

    @Override
    public @Nullable Object findTemplateSource(String name) {
        return tree.files().containsKey(name) ? name : null;
    }

    @Override
    public long getLastModified(Object source) {
        return 0;
    }

    @Override
    public Reader getReader(Object source, String encoding) {
        String name = (String) source;
        return new StringReader(LineMarks.add(name, tree.files().getOrDefault(name, "")));
    }

    @Override
    public void closeTemplateSource(Object source) {}
}

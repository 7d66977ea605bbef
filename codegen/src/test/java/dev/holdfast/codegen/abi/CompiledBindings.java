// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.abi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.bindings.Bindings;
import dev.holdfast.codegen.files.TextTree;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The generated types, compiled. */
final class CompiledBindings implements AutoCloseable {
    private final URLClassLoader loader;

    private CompiledBindings(URLClassLoader loader) {
        this.loader = loader;
    }

    /** Compiles {@code sources} in {@code folder}; a warning is a failure too. */
    static CompiledBindings of(TextTree sources, Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.files().entrySet()) {
            Path file = folder.resolve("sources").resolve(source.getKey());
            Files.createDirectories(file.resolveSibling(""));
            files.add(Files.writeString(file, source.getValue()));
        }
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", classes.toString(), "-Xlint:all,-options", "--release", "17");
            boolean done = compiler.getTask(
                            messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(messages.toString()).isEmpty();
            assertThat(done).isTrue();
        }
        return new CompiledBindings(
                new URLClassLoader(new URL[] {classes.toUri().toURL()}));
    }

    Class<?> type(String name) throws ClassNotFoundException {
        return loader.loadClass(Bindings.PACKAGE + "." + name);
    }

    /** A constant; an {@code int} as the unsigned number that it stands for. */
    long constant(String type, String name) throws ReflectiveOperationException {
        Object value = type(type).getField(name).get(null);
        return value instanceof Integer number ? Integer.toUnsignedLong(number) : (Long) value;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}

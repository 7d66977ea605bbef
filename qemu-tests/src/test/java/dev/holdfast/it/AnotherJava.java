// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A second Java beside the agent's, with the same classes and options. */
final class AnotherJava {

    private AnotherJava() {}

    /** Starts it; both its outputs are one. */
    static Process start(Class<?> main, String... arguments) throws IOException {
        ProcessHandle.Info agent = ProcessHandle.current().info();
        List<String> options = List.of(agent.arguments().orElseThrow());
        List<String> command = new ArrayList<>(List.of(agent.command().orElseThrow()));
        // All of the agent's options but its archive of classes, which is for the agent alone.
        int jar = options.indexOf("-jar");
        options.subList(0, jar).stream()
                .filter(option -> !option.startsWith("-XX:SharedArchiveFile"))
                .forEach(command::add);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", options.get(jar + 1), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}

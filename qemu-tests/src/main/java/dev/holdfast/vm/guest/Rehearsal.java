// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import com.google.gson.Gson;
import com.google.gson.JsonPrimitive;
import com.sun.jna.Native;
import dev.holdfast.HoldfastException;
import dev.holdfast.Region;
import dev.holdfast.vm.channel.Frame;
import dev.holdfast.vm.channel.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Does outside, once, what the agent does inside at its start, so that the classes it needs get into the archive of
 * shared classes. Never runs in a VM.
 */
final class Rehearsal {

    private Rehearsal() {}

    static void run() throws IOException {
        loadOwnClasses();
        Gson gson = new Gson();
        Agent agent = new Agent("rehearsal", new ByteArrayOutputStream());
        agent.hello();
        Message request = new Message(
                Message.Kind.RUN, 1, Shell.class.getName(), gson.toJsonTree(new Shell.Args("true", 10_000)));
        String line = Frame.encode("rehearsal", gson.toJson(request));
        Frame frame = Frame.decode("rehearsal", line.strip()).orElseThrow();
        Message decoded = gson.fromJson(((Frame.Json) frame).text(), Message.class);
        say(gson.toJson(agent.answer(decoded)));
        say(gson.toJson(TaskRunner.describe(new IOException("rehearsal"))));
        say(gson.toJson(new JsonPrimitive("rehearsal")));
        Native.getLastError();
        sayRefusal(() -> Region.inspect(0));
        sayRefusal(() -> Region.open(Path.of("/proc")));
    }

    /** There is no module outside, and no region; but most of the way is the same. */
    private static void sayRefusal(Runnable work) {
        try {
            work.run();
        } catch (HoldfastException e) {
            say(e.toString());
        }
    }

    private static void loadOwnClasses() throws IOException {
        List<String> names;
        URI own = URI.create(Rehearsal.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        try (JarFile jar = new JarFile(Path.of(own).toFile())) {
            names = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith("dev/holdfast/") && name.endsWith(".class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
        for (String name : names) {
            try {
                Class.forName(name, false, Rehearsal.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                say("not in the VM: " + e);
            }
        }
    }

    private static void say(String text) {
        System.out.println(text);
    }
}

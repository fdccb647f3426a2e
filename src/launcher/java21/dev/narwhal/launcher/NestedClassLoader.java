package dev.narwhal.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.springframework.boot.loader.launch.Archive;
import org.springframework.boot.loader.launch.LaunchedClassLoader;

/**
 * Finds a class in the jars within the jar. Spring Boot's own loader makes a URL and a connection for each jar that it asks, for each
 * class, and there are more than a hundred jars: that was a quarter of a start. This one remembers which jar a package came from, and
 * asks that first. Resources are found as Spring Boot finds them.
 */
final class NestedClassLoader extends LaunchedClassLoader {

    /** Spring Boot decides which loader these come from. */
    private static final String LOADER = "org.springframework.boot.loader.";

    static {
        ClassLoader.registerAsParallelCapable();
    }

    private record Nested(URL url, JarFile jar, CodeSource code) {}

    private final List<Nested> jars;
    private final Map<String, Nested> packages = new ConcurrentHashMap<>();

    NestedClassLoader(Archive archive, Collection<URL> urls, ClassLoader parent) throws IOException {
        super(false, archive, urls.toArray(URL[]::new), parent);
        jars = new ArrayList<>(urls.size());
        for (URL url : urls) {
            JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile();
            jars.add(new Nested(url, jar, new CodeSource(url, (CodeSigner[]) null)));
        }
    }

    /** Asks the nested jars before the parent, which has only the JDK and what starts the jar: no class is in both. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("java.")) {
            return getParent().loadClass(name);
        }
        if (name.startsWith(LOADER)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            Class<?> found = loaded != null ? loaded : defined(name);
            return found != null ? found : getParent().loadClass(name);
        }
    }

    /** @return null where no jar has it */
    private Class<?> defined(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        String packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        try {
            Nested home = packages.get(packageName);
            JarEntry entry = home == null ? null : home.jar().getJarEntry(path);
            if (entry != null) {
                return define(name, home, entry);
            }
            return searched(name, path, packageName);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private Class<?> searched(String name, String path, String packageName) throws IOException {
        for (Nested nested : jars) {
            JarEntry entry = nested.jar().getJarEntry(path);
            if (entry != null) {
                packages.computeIfAbsent(packageName, missing -> withPackage(missing, nested));
                return define(name, nested, entry);
            }
        }
        return null;
    }

    private Nested withPackage(String packageName, Nested nested) {
        try {
            if (getDefinedPackage(packageName) == null) {
                Manifest manifest = nested.jar().getManifest();
                definePackage(packageName, manifest == null ? new Manifest() : manifest, nested.url());
            }
            return nested;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Class<?> define(String name, Nested nested, JarEntry entry) throws IOException {
        try (InputStream in = nested.jar().getInputStream(entry)) {
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length, nested.code());
        }
    }
}

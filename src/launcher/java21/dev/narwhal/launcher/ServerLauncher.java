package dev.narwhal.launcher;

import java.net.URL;
import java.util.Collection;
import org.springframework.boot.loader.launch.JarLauncher;

/** Spring Boot's launcher with a quicker class loader. */
public final class ServerLauncher extends JarLauncher {

    private ServerLauncher() throws Exception {}

    public static void main(String[] args) throws Exception {
        new ServerLauncher().launch(args);
    }

    @Override
    protected ClassLoader createClassLoader(Collection<URL> urls) throws Exception {
        if (isExploded()) {
            return super.createClassLoader(urls);
        }
        return new NestedClassLoader(getArchive(), urls, getClass().getClassLoader());
    }
}

package dev.graft.transfer.config;

import dev.graft.transfer.setting.Setting;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All settings: the constants of the classes that declare them, in their order. */
final class Declarations {
    static final List<Setting<?>> ALL = Stream.of(
                    DataSettings.class,
                    BackboneSettings.class,
                    HeadSettings.class,
                    TuningSettings.class,
                    RunSettings.class)
            .flatMap(group -> of(group).stream())
            .toList();

    private Declarations() {}

    static List<Setting<?>> of(Class<?> group) {
        List<Setting<?>> settings = new ArrayList<>();
        for (Field field : group.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && Setting.class.isAssignableFrom(field.getType())) {
                try {
                    settings.add((Setting<?>) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return settings;
    }
}

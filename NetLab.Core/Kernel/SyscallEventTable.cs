namespace NetLab.Core.Kernel;

/// <summary>What an event of a system-call trace is.</summary>
internal enum TracedEventKind : byte
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>syscalls:sys_enter_*.</summary>
    Enter,

    /// <summary>syscalls:sys_exit_*.</summary>
    Exit,

    /// <summary>sock:inet_sock_set_state, by which a call's socket is known exactly.</summary>
    State,

    /// <summary>task:task_newtask.</summary>
    NewTask,

    /// <summary>sched:sched_process_exec.</summary>
    Exec,

    /// <summary>sched:sched_process_exit.</summary>
    End,
}

/// <summary>Where the arguments or the result of a call lie.</summary>
/// <param name="Kind">What the event is.</param>
/// <param name="Call">The call it is about.</param>
/// <param name="Name">The call's name in the journal.</param>
/// <param name="Fields">The arguments' places, or that of the result, or those of task_newtask's pid and clone_flags.</param>
internal sealed record TracedEvent(TracedEventKind Kind, Syscall? Call, NameId Name, EventField[] Fields);

/// <summary>The events of a system-call trace by their numbers on this kernel.</summary>
internal sealed class SyscallEventTable
{
    private static readonly TracedEvent s_unknown = new(TracedEventKind.None, null, default, []);
    private readonly Dictionary<ushort, TracedEvent> _events = [];

    private SyscallEventTable(EventField type, EventField thread) => (Type, Thread) = (type, thread);

    /// <summary>Where an event's number lies.</summary>
    internal EventField Type { get; }

    /// <summary>Where its thread lies.</summary>
    internal EventField Thread { get; }

    /// <summary>How the state changes are read; null where the kernel has no such event.</summary>
    internal StateEventLayout? States { get; private set; }

    internal TracedEvent this[ReadOnlySpan<byte> record] => _events.GetValueOrDefault((ushort)Type.Read(record), s_unknown);

    /// <summary>Reads the formats of what this kernel has, and switches it on.</summary>
    internal static SyscallEventTable? Enable(TraceInstance instance, NameTable names, out Obstacle? obstacle)
    {
        if (instance.Format("syscalls/sys_enter_socket") is not { } first || first["common_type"] is not { } type || first["common_pid"] is not { } thread)
        {
            obstacle = new Obstacle("This kernel traces no system calls (CONFIG_FTRACE_SYSCALLS).");
            return null;
        }

        var table = new SyscallEventTable(type, thread);
        // Who comes and goes first, so that no call is seen of a process that is not known.
        obstacle = table.Add(instance, "task/task_newtask", TracedEventKind.NewTask, "pid", "clone_flags")
            ?? table.Add(instance, "sched/sched_process_exec", TracedEventKind.Exec)
            ?? table.Add(instance, "sched/sched_process_exit", TracedEventKind.End);
        if (obstacle is null && instance.Format("sock/inet_sock_set_state") is { } format && (table.States = StateEventLayout.From(format)) is not null)
            obstacle = table.Add(instance, "sock/inet_sock_set_state", TracedEventKind.State);
        foreach (var call in SyscallTable.All)
            obstacle ??= table.AddCall(instance, call, names);
        return obstacle is null ? table : null;
    }

    private Obstacle? Add(TraceInstance instance, string name, TracedEventKind kind, params string[] fields)
    {
        if (instance.Format(name) is not { } format || Array.Exists(fields, field => format[field] is null))
            return null;
        _events[format.Id] = new TracedEvent(kind, null, default, [.. fields.Select(field => format[field]!.Value)]);
        return instance.Enable(name);
    }

    private Obstacle? AddCall(TraceInstance instance, Syscall call, NameTable names)
    {
        string enter = "syscalls/sys_enter_" + call.Name, exit = "syscalls/sys_exit_" + call.Name;
        if (instance.Format(enter) is not { } enters || instance.Format(exit) is not { } exits || exits["ret"] is not { } result)
            return null;
        // Each argument is a register's width, in the order of the registers.
        var arguments = enters.Fields.Where(pair => !pair.Key.StartsWith("common_", StringComparison.Ordinal) && pair.Key != "__syscall_nr")
            .Select(pair => pair.Value).Where(place => place.Size == 8).OrderBy(place => place.Offset).Take(6);
        var name = names.Intern(call.Name == "sendfile64" ? "sendfile" : call.Name);
        _events[enters.Id] = new TracedEvent(TracedEventKind.Enter, call, name, [.. arguments]);
        _events[exits.Id] = new TracedEvent(TracedEventKind.Exit, call, name, [result]);
        return instance.Enable(exit) ?? instance.Enable(enter);
    }
}

namespace NetLab.Core.IoModels;

/// <summary>A way to wait for data and to get it, as Stevens tells them apart (UNIX Network Programming, volume 1, section 6.2).</summary>
public enum IoModel
{
    /// <summary><c>recv</c> sleeps until data is there.</summary>
    Blocking,

    /// <summary>O_NONBLOCK: <c>recv</c> fails with EWOULDBLOCK until data is there, and is asked again and again.</summary>
    Nonblocking,

    /// <summary><c>select</c> sleeps over many descriptors, then <c>recv</c> gets what is ready.</summary>
    Select,

    /// <summary><c>poll</c> does, without the bound of FD_SETSIZE.</summary>
    Poll,

    /// <summary><c>epoll_wait</c> does, over a set that the kernel keeps.</summary>
    Epoll,

    /// <summary>Signal-driven: the kernel sends SIGIO when data is there, then <c>recv</c> gets it.</summary>
    Sigio,

    /// <summary>POSIX asynchronous I/O: <c>aio_read</c> is started and tells when the data has been copied.</summary>
    Aio,

    /// <summary>io_uring: a receive is submitted to the kernel, and its completion reaped when the data has been copied.</summary>
    Uring,
}

/// <summary>The models' names and what they are.</summary>
public static class IoModelNames
{
    /// <summary>Every model, in the order of the textbook.</summary>
    public static IReadOnlyList<IoModel> All { get; } =
        [IoModel.Blocking, IoModel.Nonblocking, IoModel.Select, IoModel.Poll, IoModel.Epoll, IoModel.Sigio, IoModel.Aio, IoModel.Uring];

    /// <summary>The name on the command line and on the screen.</summary>
    public static string Name(this IoModel model) => model switch
    {
        IoModel.Blocking => "blocking",
        IoModel.Nonblocking => "nonblocking",
        IoModel.Select => "select",
        IoModel.Poll => "poll",
        IoModel.Epoll => "epoll",
        IoModel.Sigio => "sigio",
        IoModel.Aio => "aio",
        _ => "uring",
    };

    /// <summary>Reads a name; <c>io_uring</c>, <c>non-blocking</c> and the like are understood, too.</summary>
    /// <returns>Null when no model is called so.</returns>
    public static IoModel? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        foreach (var model in All)
        {
            if (plain.Equals(model.Name(), StringComparison.OrdinalIgnoreCase))
                return model;
        }

        return plain.ToUpperInvariant() switch
        {
            "IOURING" => IoModel.Uring,
            "SIGNAL" => IoModel.Sigio,
            _ => null,
        };
    }

    /// <summary>What a learner should know of it, in a few plain sentences.</summary>
    public static string Explain(this IoModel model) => model switch
    {
        IoModel.Blocking =>
            "recv sleeps in the kernel until data is there, is woken, copies it and returns: one call for both phases. It costs no processor time while it " +
            "waits, but a thread can wait for one descriptor only.",
        IoModel.Nonblocking =>
            "The descriptor has O_NONBLOCK: recv returns at once, with EWOULDBLOCK while nothing is there. Asking again and again finds the data at once as long as the thread keeps its processor core, and " +
            "burns it.",
        IoModel.Select =>
            "select sleeps until one of many descriptors is ready; recv then only copies. The set is handed over and searched anew at each call, and ends at " +
            "descriptor 1,023 (FD_SETSIZE).",
        IoModel.Poll =>
            "poll sleeps until one of many descriptors is ready; recv then only copies. It takes any descriptor, but its list is handed over and searched " +
            "anew at each call.",
        IoModel.Epoll =>
            "The kernel keeps the set (epoll_ctl), and epoll_wait returns only those that are ready: its cost does not grow with how many are watched. recv " +
            "then only copies.",
        IoModel.Sigio =>
            "With O_ASYNC the kernel sends a signal when data is there; until then the program is free. Its handler runs, then recv copies. SIGIO does not " +
            "queue: what comes while one is pending is told by the same signal, so recv is called until nothing is left.",
        IoModel.Aio =>
            "aio_read returns at once, and the data is in the buffer when its completion is told. glibc does it with threads of its own, in each of which a " +
            "read blocks: asynchronous for the caller, but somebody waits.",
        _ =>
            "A receive is put into a ring that the program shares with the kernel. When it completes, the data has been copied already: no recv is called. The " +
            "program is free until it looks for completions.",
    };
}

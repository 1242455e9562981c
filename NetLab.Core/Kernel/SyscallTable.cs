namespace NetLab.Core.Kernel;

/// <summary>What a system call does to the descriptors, as far as the trace must know it.</summary>
internal enum SyscallEffect : byte
{
    /// <summary>Nothing; it is written whatever it is about.</summary>
    None,

    /// <summary>Nothing; it is written only when its descriptor is a socket.</summary>
    OnSocket,

    /// <summary>It returns a new socket.</summary>
    Opens,

    /// <summary>It returns a new socket, connected to the peer that it reports.</summary>
    Accepts,

    /// <summary>It gives its socket addresses.</summary>
    Names,

    /// <summary>It closes its descriptor.</summary>
    Closes,

    /// <summary>It makes its descriptor known under a second number: its result.</summary>
    Duplicates,
}

/// <summary>What an argument means, by which it is written.</summary>
internal enum ArgumentKind : byte
{
    Descriptor, Number, Family, SocketType, Protocol, LocalAddress, RemoteAddress, Pointer, Length, MessageFlags, How, Level, Option,
    FcntlCommand, FcntlArgument, IoctlRequest, EpollOperation, OpenFlags, AcceptFlags, Milliseconds,
}

/// <summary>An argument.</summary>
/// <param name="Name">Its name in the manual page.</param>
/// <param name="Index">Its register, from 0.</param>
/// <param name="Kind">What it means.</param>
internal readonly record struct Argument(string Name, int Index, ArgumentKind Kind);

/// <summary>A system call that the trace follows.</summary>
/// <param name="Name">"accept4".</param>
/// <param name="Effect">What it does to the descriptors.</param>
/// <param name="Arguments">Those that are written, in order.</param>
internal sealed record Syscall(string Name, SyscallEffect Effect, Argument[] Arguments)
{
    /// <summary>The register that holds the descriptor, or -1.</summary>
    internal int DescriptorIndex { get; } = Array.Find(Arguments, argument => argument.Kind == ArgumentKind.Descriptor) is { Name: not null } found ? found.Index : -1;
}

/// <summary>The calls that tell of sockets.</summary>
internal static class SyscallTable
{
    private static readonly Dictionary<string, Syscall> s_byName = Build().ToDictionary(call => call.Name);

    /// <summary>Every call; a kernel need not have each.</summary>
    internal static IReadOnlyCollection<Syscall> All => s_byName.Values;

    /// <summary>The call of that name, or null.</summary>
    internal static Syscall? Find(string name) => s_byName.GetValueOrDefault(name);

    private static IEnumerable<Syscall> Build() =>
    [
        Call("socket", SyscallEffect.Opens, "0 domain Family, 1 type SocketType, 2 protocol Protocol"),
        Call("bind", SyscallEffect.Names, "0 fd Descriptor, 1 address LocalAddress"),
        Call("listen", SyscallEffect.Names, "0 fd Descriptor, 1 backlog Number"),
        Call("accept", SyscallEffect.Accepts, "0 fd Descriptor"),
        Call("accept4", SyscallEffect.Accepts, "0 fd Descriptor, 3 flags AcceptFlags"),
        Call("connect", SyscallEffect.Names, "0 fd Descriptor, 1 address RemoteAddress"),
        Call("sendto", SyscallEffect.OnSocket, "0 fd Descriptor, 1 buffer Pointer, 2 length Length, 3 flags MessageFlags"),
        Call("recvfrom", SyscallEffect.OnSocket, "0 fd Descriptor, 1 buffer Pointer, 2 size Length, 3 flags MessageFlags"),
        Call("sendmsg", SyscallEffect.OnSocket, "0 fd Descriptor, 1 message Pointer, 2 flags MessageFlags"),
        Call("recvmsg", SyscallEffect.OnSocket, "0 fd Descriptor, 1 message Pointer, 2 flags MessageFlags"),
        Call("sendmmsg", SyscallEffect.OnSocket, "0 fd Descriptor, 1 messages Pointer, 2 count Number, 3 flags MessageFlags"),
        Call("recvmmsg", SyscallEffect.OnSocket, "0 fd Descriptor, 1 messages Pointer, 2 count Number, 3 flags MessageFlags"),
        Call("read", SyscallEffect.OnSocket, "0 fd Descriptor, 1 buffer Pointer, 2 size Length"),
        Call("write", SyscallEffect.OnSocket, "0 fd Descriptor, 1 buffer Pointer, 2 length Length"),
        Call("readv", SyscallEffect.OnSocket, "0 fd Descriptor, 1 vector Pointer, 2 count Number"),
        Call("writev", SyscallEffect.OnSocket, "0 fd Descriptor, 1 vector Pointer, 2 count Number"),
        Call("sendfile64", SyscallEffect.OnSocket, "0 out_fd Descriptor, 1 in_fd Number, 2 offset Pointer, 3 count Length"),
        Call("shutdown", SyscallEffect.OnSocket, "0 fd Descriptor, 1 how How"),
        Call("close", SyscallEffect.Closes, "0 fd Descriptor"),
        Call("setsockopt", SyscallEffect.OnSocket, "0 fd Descriptor, 1 level Level, 2 option Option, 3 value Pointer, 4 length Length"),
        Call("getsockopt", SyscallEffect.OnSocket, "0 fd Descriptor, 1 level Level, 2 option Option, 3 value Pointer"),
        Call("fcntl", SyscallEffect.OnSocket, "0 fd Descriptor, 1 command FcntlCommand, 2 argument FcntlArgument"),
        Call("ioctl", SyscallEffect.OnSocket, "0 fd Descriptor, 1 request IoctlRequest, 2 argument Pointer"),
        Call("dup", SyscallEffect.Duplicates, "0 fd Descriptor"),
        Call("dup2", SyscallEffect.Duplicates, "0 fd Descriptor, 1 new Number"),
        Call("dup3", SyscallEffect.Duplicates, "0 fd Descriptor, 1 new Number, 2 flags OpenFlags"),
        Call("poll", SyscallEffect.None, "0 fds Pointer, 1 count Number, 2 timeout Milliseconds"),
        Call("ppoll", SyscallEffect.None, "0 fds Pointer, 1 count Number, 2 timeout Pointer"),
        Call("select", SyscallEffect.None, "0 count Number, 1 read Pointer, 2 write Pointer, 3 except Pointer, 4 timeout Pointer"),
        Call("pselect6", SyscallEffect.None, "0 count Number, 1 read Pointer, 2 write Pointer, 3 except Pointer, 4 timeout Pointer"),
        Call("epoll_create", SyscallEffect.None, "0 size Number"),
        Call("epoll_create1", SyscallEffect.None, "0 flags OpenFlags"),
        Call("epoll_ctl", SyscallEffect.None, "0 epfd Number, 1 operation EpollOperation, 2 fd Descriptor, 3 event Pointer"),
        Call("epoll_wait", SyscallEffect.None, "0 epfd Number, 1 events Pointer, 2 count Number, 3 timeout Milliseconds"),
        Call("epoll_pwait", SyscallEffect.None, "0 epfd Number, 1 events Pointer, 2 count Number, 3 timeout Milliseconds"),
        Call("epoll_pwait2", SyscallEffect.None, "0 epfd Number, 1 events Pointer, 2 count Number, 3 timeout Pointer"),
        Call("io_uring_enter", SyscallEffect.None, "0 ring Number, 1 submit Number, 2 complete Number, 3 flags Number"),
    ];

    // "0 fd Descriptor, 1 backlog Number"
    private static Syscall Call(string name, SyscallEffect effect, string arguments) => new(name, effect,
        [.. arguments.Split(", ").Select(text => text.Split(' ')).Select(part => new Argument(part[1], int.Parse(part[0]), Enum.Parse<ArgumentKind>(part[2])))]);
}

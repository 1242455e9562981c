using System.Text;

namespace NetLab.Core.Kernel;

/// <summary>Writes a system call as strace does: constants by name, errors by name with the C library's sentence. Pure.</summary>
public static class SyscallDecoder
{
    /// <summary>"bind(3, 127.0.0.1:8000) = 0"; a call that has not returned ends after its arguments.</summary>
    /// <param name="call">The call's name.</param>
    /// <param name="detail">Its arguments and result, as the kernel has them.</param>
    /// <param name="tuple">The addresses of the socket that it is about; for accept, of the new one once it has returned.</param>
    public static string Format(string call, in SyscallDetail detail, in FourTuple tuple)
    {
        var text = new StringBuilder(call).Append('(');
        foreach (var (_, value) in Arguments(call, detail, tuple))
            text.Append(text[^1] == '(' ? "" : ", ").Append(value);
        text.Append(')');
        return detail.Phase == SyscallPhase.Entered ? text.ToString() : text.Append(" = ").Append(FormatResult(call, detail, tuple)).ToString();
    }

    /// <summary>The arguments by the names of the manual page.</summary>
    /// <param name="call">The call's name.</param>
    /// <param name="detail">Its arguments.</param>
    /// <param name="tuple">The addresses of its socket.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Arguments(string call, in SyscallDetail detail, in FourTuple tuple)
    {
        if (SyscallTable.Find(call == "sendfile" ? "sendfile64" : call) is not { } known)
            return [];
        var list = new List<KeyValuePair<string, string>>(known.Arguments.Length);
        foreach (var argument in known.Arguments)
            list.Add(new(argument.Name, Value(argument, detail.Arguments, tuple)));
        return list;
    }

    /// <summary>"0", "4 from 127.0.0.1:45026", "-1 EAGAIN (Resource temporarily unavailable)".</summary>
    public static string FormatResult(string call, in SyscallDetail detail, in FourTuple tuple)
    {
        long result = detail.Result;
        if (ErrorName(detail) is { } error)
            return $"{(result <= -512 ? "?" : "-1")} {error} ({SyscallNames.Sentence(-result)})";
        string number = SyscallNames.Number(result);
        if (call is "accept" or "accept4" && tuple.Remote.Port != 0)
            return $"{number} from {tuple.Remote}";
        return call == "fcntl" && detail.Arguments[1] == 3 ? $"0x{result:x} ({SyscallNames.OpenFlags(result)})" : number;
    }

    /// <summary>The error's name, "ECONNREFUSED"; null when the call has succeeded or not returned.</summary>
    public static string? ErrorName(in SyscallDetail detail) =>
        detail.Phase == SyscallPhase.Returned && detail.Result is < 0 and >= -4095 ? SyscallNames.Error(-detail.Result) : null;

    private static string Value(in Argument argument, in SyscallArguments raw, in FourTuple tuple)
    {
        long value = raw[argument.Index];
        long number = (int)value; // an int in a register: the upper half means nothing
        return argument.Kind switch
        {
            ArgumentKind.Family => SyscallNames.Family(number),
            ArgumentKind.SocketType => SyscallNames.SocketType(number),
            ArgumentKind.Protocol => SyscallNames.Protocol(number, (int)raw[0]),
            ArgumentKind.LocalAddress => Address(tuple.Local),
            ArgumentKind.RemoteAddress => Address(tuple.Remote),
            ArgumentKind.Pointer => value == 0 ? "NULL" : "…",
            ArgumentKind.Length => SyscallNames.Number(value),
            ArgumentKind.MessageFlags => SyscallNames.MessageFlags((uint)number),
            ArgumentKind.How => SyscallNames.How(number),
            ArgumentKind.Level => SyscallNames.Level(number),
            ArgumentKind.Option => SyscallNames.Option((int)raw[1], number),
            ArgumentKind.FcntlCommand => SyscallNames.Fcntl(number),
            ArgumentKind.FcntlArgument => SyscallNames.FcntlArgument((int)raw[1], value),
            ArgumentKind.IoctlRequest => SyscallNames.Ioctl((uint)number),
            ArgumentKind.EpollOperation => SyscallNames.Epoll(number),
            ArgumentKind.OpenFlags => SyscallNames.OpenFlags(number),
            ArgumentKind.AcceptFlags => SyscallNames.AcceptFlags(number),
            _ => SyscallNames.Number(number),
        };
    }

    private static string Address(in Endpoint endpoint) => endpoint.Port == 0 ? "…" : endpoint.ToString();
}

using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>Error numbers by name, both ways, and in the C library's words.</summary>
public static class ErrnoNames
{
    private static readonly FrozenDictionary<Errno, string> s_names = Enum.GetValues<Errno>().ToFrozenDictionary(e => e, e => e.ToString());

    private static readonly FrozenDictionary<string, Errno> s_numbers = Enum.GetValues<Errno>()
        .Where(e => e != Errno.None)
        .Select(e => (Name: e.ToString(), Number: e))
        .Concat([("EWOULDBLOCK", Errno.EAGAIN), ("EDEADLOCK", Errno.EDEADLK), ("ENOTSUP", Errno.EOPNOTSUPP)])
        .ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>Every name there is, the synonyms among them, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_numbers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The name that the manual pages use ("ECONNREFUSED"), or "errno 4711" for a number without one.</summary>
    public static string Name(this Errno error) => s_names.TryGetValue(error, out string? name) ? name : $"errno {(int)error}";

    /// <summary>The C library's words for it, "Connection refused".</summary>
    public static string Words(this Errno error) => Marshal.GetPInvokeErrorMessage((int)error);

    /// <summary>The number of a name; EWOULDBLOCK is EAGAIN's other name, ENOTSUP that of EOPNOTSUPP.</summary>
    public static bool TryParse(string name, out Errno error) => s_numbers.TryGetValue(name, out error);
}

using System.Runtime.InteropServices;
using NetLab.Core.Interop;

namespace NetLab.Tests.Support;

/// <summary>setns(2): what a thread opens after it stays in the network of another process, whoever uses it later.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNetwork = 0x4000_0000;

    /// <summary>Does something in another network, on a thread of its own that ends with it.</summary>
    /// <param name="path">The namespace, "/proc/4711/ns/net".</param>
    /// <param name="work">What.</param>
    public static T Within<T>(string path, Func<T> work)
    {
        T result = default!;
        string? failure = null;
        var thread = new Thread(() =>
        {
            using var there = FileDescriptor.Open(path, FileDescriptor.ReadOnly, out int error);
            if (there is null || setns(there, NewNetwork) != 0)
                failure = $"{path} cannot be entered: errno {(there is null ? error : Marshal.GetLastPInvokeError())}";
            else
                result = work();
        });
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure);
        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(FileDescriptor network, int kind);
}

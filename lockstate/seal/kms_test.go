package seal_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/seal"
)

// fakeKMS is one key, which remembers what it encrypted.
type fakeKMS struct {
	arn      string
	disabled bool
	made     map[string]wrapped
}

type wrapped struct {
	key     []byte
	context map[string]string
}

func (f *fakeKMS) GenerateDataKey(_ context.Context, in *kms.GenerateDataKeyInput, _ ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
	n := byte(len(f.made) + 1)
	blob, key := []byte{'b', n}, bytes.Repeat([]byte{n}, 32)
	f.made[string(blob)] = wrapped{key, maps.Clone(in.EncryptionContext)}
	return &kms.GenerateDataKeyOutput{CiphertextBlob: blob, Plaintext: key, KeyId: &f.arn}, nil
}

func (f *fakeKMS) Decrypt(_ context.Context, in *kms.DecryptInput, _ ...func(*kms.Options)) (*kms.DecryptOutput, error) {
	w, ok := f.made[string(in.CiphertextBlob)]
	switch {
	case f.disabled:
		return nil, &types.DisabledException{}
	case *in.KeyId != f.arn:
		return nil, &types.IncorrectKeyException{}
	case !ok || !maps.Equal(w.context, in.EncryptionContext):
		return nil, &types.InvalidCiphertextException{}
	}
	return &kms.DecryptOutput{Plaintext: w.key, KeyId: &f.arn}, nil
}

func TestKMS(t *testing.T) {
	f := &fakeKMS{arn: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555", made: map[string]wrapped{}}
	source, ctx := seal.NewKMS(f, "alias/panka"), t.Context()
	state := lockstate.Key{Tenant: "default", Stack: "app", Environment: "dev"}
	key, reference, err := source.Create(ctx, state)
	if err != nil || len(key) != 32 {
		t.Fatalf("got a key of %d bytes, %v", len(key), err)
	}
	if bytes.Contains(reference, key) {
		t.Error("the reference holds the key")
	}
	if got, err := seal.NewKMS(f, "").Open(ctx, state, reference); err != nil || !bytes.Equal(got, key) {
		t.Errorf("a source without a key of its own got %x, %v", got, err)
	}
	other := lockstate.Key{Tenant: "default", Stack: "app", Environment: "prod"}
	if _, err := source.Open(ctx, other, reference); !errors.Is(err, lockstate.ErrCorrupt) {
		t.Errorf("another state's key was opened: %v", err)
	}
	for _, bad := range [][]byte{nil, reference[:1], reference[:20], append(bytes.Clone(reference), 0)} {
		if _, err := source.Open(ctx, state, bad); !errors.Is(err, lockstate.ErrCorrupt) {
			t.Errorf("the reference %q gives %v", bad, err)
		}
	}
	f.disabled = true
	if _, err := source.Open(ctx, state, reference); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("a disabled key gives %v", err)
	}
	if _, _, err := seal.NewKMS(f, "").Create(ctx, state); err == nil {
		t.Error("a key was made without naming one of KMS")
	}
}

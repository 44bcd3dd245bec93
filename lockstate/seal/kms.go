package seal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/panka-io/panka/lockstate"
)

const kmsScheme = "kms-1"

// KMS is what is needed of AWS KMS.
type KMS interface {
	GenerateDataKey(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error)
	Decrypt(context.Context, *kms.DecryptInput, ...func(*kms.Options)) (*kms.DecryptOutput, error)
}

// kmsKeys is a KeySource: KMS makes the data key of each state, and the reference holds it encrypted under a key that never
// leaves KMS, with that key's ARN. The state's name is the encryption context, so that a data key opens for its own state
// only, and key policies can tell states apart.
//
// A reference is 2 bytes length of the ARN, the ARN, and the encrypted data key.
type kmsKeys struct {
	api KMS
	key string
}

// NewKMS gives the KeySource that has KMS protect data keys with a key, given by ARN, ID or alias. With "" it only opens
// what was protected earlier.
func NewKMS(api KMS, key string) KeySource { return kmsKeys{api: api, key: key} }

func (s kmsKeys) Scheme() string { return kmsScheme }

// encryptionContext names the state in every call; it stands in CloudTrail's log in clear.
func encryptionContext(state lockstate.Key) map[string]string {
	return map[string]string{"panka:tenant": state.Tenant, "panka:stack": state.Stack, "panka:environment": state.Environment}
}

func (s kmsKeys) Create(ctx context.Context, state lockstate.Key) (key, reference []byte, err error) {
	if s.key == "" {
		return nil, nil, errors.New("make a data key: no KMS key is named")
	}
	out, err := s.api.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{
		KeyId: &s.key, KeySpec: types.DataKeySpecAes256, EncryptionContext: encryptionContext(state),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("have KMS make the data key of %s: %w", state, err)
	}
	arn := *out.KeyId
	reference = binary.BigEndian.AppendUint16(nil, uint16(len(arn)))
	reference = append(append(reference, arn...), out.CiphertextBlob...)
	return out.Plaintext, reference, nil
}

func (s kmsKeys) Open(ctx context.Context, state lockstate.Key, reference []byte) ([]byte, error) {
	arn, encrypted, ok := take(reference, 2)
	if !ok || len(arn) == 0 || len(encrypted) == 0 {
		return nil, corrupt("its reference to a KMS key has been changed")
	}
	id := string(arn)
	out, err := s.api.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: encrypted, KeyId: &id, EncryptionContext: encryptionContext(state)})
	var invalid *types.InvalidCiphertextException
	var wrong *types.IncorrectKeyException
	var missing *types.NotFoundException
	var disabled *types.DisabledException
	switch {
	case errors.As(err, &invalid), errors.As(err, &wrong):
		return nil, corrupt("its data key is not the one that KMS made for this state")
	case errors.As(err, &missing), errors.As(err, &disabled):
		return nil, fmt.Errorf("%w: the KMS key %s was deleted or disabled: %w", ErrNoKey, id, err)
	case err != nil:
		return nil, fmt.Errorf("have KMS open the data key of %s with %s: %w", state, id, err)
	}
	return out.Plaintext, nil
}
